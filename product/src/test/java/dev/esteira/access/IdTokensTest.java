package dev.esteira.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Id tokens, checked with nothing but what the house publishes. */
class IdTokensTest {
  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  private static boolean holds(String token, JsonNode jwk) throws Exception {
    BigInteger modulus = new BigInteger(1, bytes(jwk.path("n").asText()));
    BigInteger exponent = new BigInteger(1, bytes(jwk.path("e").asText()));
    PublicKey key =
        KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    String[] parts = token.split("\\.");
    Signature check = Signature.getInstance("SHA256withRSA");
    check.initVerify(key);
    check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    return check.verify(bytes(parts[2]));
  }

  @Test
  void aTokenIsCheckedWithThePublishedKeyAlsoAfterARestart() throws Exception {
    // Given
    Home home = new Home(directory);
    String token = new IdTokens(home).sign(Json.object().put("sub", "x").put("exp", 7));
    // When
    JsonNode jwk = new IdTokens(new Home(directory)).keys().path("keys").get(0);
    // Then
    assertTrue(holds(token, jwk));
    JsonNode head = Json.parse(new String(bytes(token.split("\\.")[0]), StandardCharsets.UTF_8));
    assertEquals(jwk.path("kid").asText(), head.path("kid").asText());
    assertEquals("RS256", head.path("alg").asText());
    String forged = token.split("\\.")[0] + ".eyJzdWIiOiJ5In0." + token.split("\\.")[2];
    assertFalse(holds(forged, jwk));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(home.idTokenKey())));
    assertFalse(jwk.has("d"));
  }

  @Test
  void anotherHouseHasAnotherKey() throws Exception {
    String token = new IdTokens(new Home(directory.resolve("a"))).sign(Json.object());
    JsonNode other = new IdTokens(new Home(directory.resolve("b"))).keys().path("keys").get(0);
    assertFalse(holds(token, other));
  }
}
