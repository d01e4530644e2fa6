package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.pipeline.Setting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Variables that name others, and the names of services. */
class ExpansionTest {
  @Test
  void eachIsExpandedOnceAfterThoseThatItNames() {
    Expansion expansion = new Expansion();
    expansion.putAll(
        Map.of("A", "$B/a", "B", "${C}b", "C", "c$$C", "SELF", "$SELF:x", "X", "$Y", "Y", "<$X>"),
        Expansion.Rule.ALL);
    expansion.put("LITERAL", "$A", Expansion.Rule.LITERAL);
    expansion.put("PASSWORD", "pa$word $A $$", Expansion.Rule.KNOWN);
    Map<String, String> values = expansion.values();
    assertEquals("c$Cb/a", values.get("A"));
    assertEquals("$A", values.get("LITERAL"));
    assertEquals("pa$word c$Cb/a $$", values.get("PASSWORD"));
    assertEquals("$SELF:x", values.get("SELF"));
    assertEquals("<$X>", values.get("X"));
    assertEquals("in: , $A", expansion.expand("in: $NOTHING, $LITERAL"));
  }

  @Test
  void variablesThatLeadToNothingAreFoundThroughThoseThatNameThem() {
    Expansion expansion = new Expansion();
    expansion.putAll(
        Map.of("IMAGE", "$REGISTRY/app:${TAG}", "TAG", "1", "REGISTRY", "$HOST/x", "EMPTY", ""),
        Expansion.Rule.ALL);
    assertEquals(Set.of("HOST", "EMPTY"), expansion.unset("$IMAGE-${EMPTY}$$"));
    assertEquals(Set.of(), expansion.unset("app:$TAG"));
  }

  @Test
  void aServiceAnswersByItsAliasesAndTheFormsOfItsName() {
    assertEquals(List.of("db", "postgres"), names("postgres:16", "db"));
    assertEquals(List.of("tutum__wordpress", "tutum-wordpress"), names("tutum/wordpress:latest"));
    assertEquals(
        List.of("reg.example__a__b", "reg.example-a-b", "a__b", "a-b"),
        names("reg.example/a/b@sha256:" + "0".repeat(64)));
  }

  @Test
  void aDockerDaemonIsKnownByItsName() {
    for (String image :
        List.of(
            "docker:dind",
            "docker:27.3-dind-rootless",
            "docker",
            "docker.io/library/docker:1",
            "registry.example/mirror/docker:20-dind")) {
      assertEquals(true, ServiceNames.isDocker(image), image);
    }
    for (String image : List.of("postgres:16", "my/docker:1", "dockers:dind", "a/docker-tools")) {
      assertEquals(false, ServiceNames.isDocker(image), image);
    }
  }

  @Test
  void tokensOfThisHouseAreMaskedByTheirForm() {
    String token = "est-" + "a1".repeat(20);
    String latest = "img:latest-" + "0f".repeat(20);
    assertEquals("-p *** x", masked("-p " + token + " x"));
    assertEquals("{\"p\":\"***\"}", masked("{\"p\":\"" + token + "\"}"));
    assertEquals(latest, masked(latest));
    assertEquals(token + "0", masked(token + "0"));
  }

  private static String masked(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new String(new Masker(List.of()).mask(bytes, bytes.length), StandardCharsets.UTF_8);
  }

  private static List<String> names(String image, String... aliases) {
    return ServiceNames.of(
        image,
        new Setting.ServiceContainer(
            image, List.of(aliases), Optional.empty(), List.of(), Map.of()));
  }
}
