package dev.esteira.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.base.SecretFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Signs what the house says of a job (JWT, RFC 7519, with RS256) and publishes the key by which
 * others check it (JWK set, RFC 7517). The key is made when first asked for. Thread-safe.
 */
public final class IdTokens {
  /** Who speaks in a token, and where its key is found by OpenID Connect Discovery. */
  public static final String ISSUER = "https://gitlab.com";

  private static final int KEY_BITS = 2048;
  private static final String ALGORITHM = "RSA";
  private static final int NAME_BYTES = 16;
  private static final int PARTS = 3;
  private static final Object MAKING = new Object();

  private final Home home;

  IdTokens(Home home) {
    this.home = home;
  }

  /** The claims as a token. */
  public String sign(ObjectNode claims) {
    try {
      RSAPrivateCrtKey key = key();
      ObjectNode head = Json.object().put("alg", "RS256").put("typ", "JWT").put("kid", name(key));
      String said = part(head) + "." + part(claims);
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(said.getBytes(StandardCharsets.US_ASCII));
      return said + "." + text(signature.sign());
    } catch (GeneralSecurityException e) {
      throw EsteiraException.internal("could not sign an id token", e);
    }
  }

  /** What a token of this house says; empty when it is none, or another's, or was changed. */
  public Optional<JsonNode> verified(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      RSAPrivateCrtKey key = key();
      RSAPublicKeySpec open = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
      Signature check = Signature.getInstance("SHA256withRSA");
      check.initVerify(KeyFactory.getInstance(ALGORITHM).generatePublic(open));
      check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return check.verify(Base64.getUrlDecoder().decode(parts[2]))
          ? Optional.of(Json.parse(Base64.getUrlDecoder().decode(parts[1])))
          : Optional.empty();
    } catch (IllegalArgumentException | SignatureException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw EsteiraException.internal("could not check an id token", e);
    }
  }

  /** The public key, as a set of one. */
  public ObjectNode keys() {
    try {
      RSAPrivateCrtKey key = key();
      ObjectNode set = Json.object();
      set.putArray("keys")
          .addObject()
          .put("kty", ALGORITHM)
          .put("use", "sig")
          .put("alg", "RS256")
          .put("kid", name(key))
          .put("n", text(unsigned(key.getModulus())))
          .put("e", text(unsigned(key.getPublicExponent())));
      return set;
    } catch (GeneralSecurityException e) {
      throw EsteiraException.internal("could not read the key of id tokens", e);
    }
  }

  private RSAPrivateCrtKey key() throws GeneralSecurityException {
    synchronized (MAKING) {
      try {
        if (!Files.exists(home.idTokenKey())) {
          KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
          generator.initialize(KEY_BITS);
          PrivateKey made = generator.generateKeyPair().getPrivate();
          Files.createDirectories(home.keys());
          SecretFiles.write(home.idTokenKey(), made.getEncoded());
        }
        PKCS8EncodedKeySpec kept = new PKCS8EncodedKeySpec(Files.readAllBytes(home.idTokenKey()));
        return (RSAPrivateCrtKey) KeyFactory.getInstance(ALGORITHM).generatePrivate(kept);
      } catch (IOException e) {
        throw EsteiraException.internal("could not read " + home.idTokenKey(), e);
      }
    }
  }

  /** Another key has another name. */
  private static String name(RSAPrivateCrtKey key) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(unsigned(key.getModulus()));
    return text(Arrays.copyOf(digest, NAME_BYTES));
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String part(ObjectNode node) {
    return text(node.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
