package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTranslationTest {
  private final NameTranslation names = new NameTranslation("est-1a2b-k", "est-net-7");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "current:latest",
        "team/app:1.0",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:7",
        "localhost:5000/app:x",
        "10.77.0.1:5050/group/project/image:latest"
      })
  void imageNamesComeBackAsTheyWere(String name) {
    String engine = names.image(NameTranslation.parse(name));
    assertTrue(engine.startsWith("est-1a2b-k/"), engine);
    assertEquals(Optional.of(name), names.shownImage(engine));
    // And the engine itself takes the name
    assertEquals(engine, NameTranslation.parse(engine).familiar());
  }

  @Test
  void buildOutputReadsAsIfThereWereNoPrefix() {
    assertEquals(
        "Successfully tagged current:latest\n",
        names.outward("Successfully tagged est-1a2b-k/current:latest\n"));
    assertEquals(
        "Conflict. The name \"/web\" is in use",
        names.outward("Conflict. The name \"/est-1a2b-k-web\" is in use"));
  }

  @Test
  void treesLoseOurLabelsAndTheOwnersBridgeIsBridge() {
    assertEquals(
        "{\"Names\":[\"/web\"],\"Labels\":{\"a\":\"b\"},\"Networks\":{\"bridge\":{}}}",
        names
            .outward(
                Json.parse(
                    "{\"Names\":[\"/est-1a2b-k-web\"],\"Labels\":{\"a\":\"b\","
                        + "\"dev.esteira.owner\":\"job/1\"},\"Networks\":{\"est-net-7\":{}}}"))
            .toString());
  }

  @Test
  void anothersNamesAreNotOurs() {
    assertEquals(Optional.empty(), names.shownImage("est-1a2b-j/current:latest"));
    assertEquals(Optional.empty(), names.shownImage("python:3"));
    assertFalse(names.ownsNamed("est-1a2b-kk-web"));
    assertTrue(names.ownsNamed(names.named("web")));
  }

  @Test
  void namesThatTheEngineWouldReadOtherwiseAreRefused() {
    assertThrows(EngineError.class, () -> names.named("../x"));
    assertThrows(EngineError.class, () -> names.named("a/b"));
    assertThrows(EngineError.class, () -> names.named(""));
    assertThrows(EngineError.class, () -> NameTranslation.parse("UPPER/../x"));
  }
}
