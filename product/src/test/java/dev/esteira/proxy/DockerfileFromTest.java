package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DockerfileFromTest {
  private static final Map<String, String> NONE = Map.of();

  @Test
  void anArgumentBeforeFromIsAppliedAndLineEndsStay() {
    // Given the comments API's Dockerfile, with CRLF
    String text = "ARG REPO\r\nFROM $REPO/python:3\r\nRUN pip install Flask\r\n";
    DockerfileFrom from = read(text, Map.of("REPO", "1.dkr.ecr.r.amazonaws.com"));
    // Then the name is whole, and the rewritten file differs in that line alone
    assertEquals(Set.of("1.dkr.ecr.r.amazonaws.com/python:3"), from.images());
    assertEquals(
        "ARG REPO\r\nFROM sha256:1\r\nRUN pip install Flask\r\n", from.rewrite(_ -> "sha256:1"));
    assertEquals(Map.of("FROM sha256:1", "FROM $REPO/python:3"), from.printed(_ -> "sha256:1"));
  }

  @Test
  void defaultsOfArgumentsMayUseEarlierOnes() {
    String text = "ARG V=3\nARG NAME=python:${V}\nFROM ${NAME}-slim\n";
    assertEquals(Set.of("python:3-slim"), read(text, NONE).images());
    assertEquals(Set.of("python:4-slim"), read(text, Map.of("V", "4")).images());
  }

  @Test
  void substitutionsFollowTheShell() {
    assertEquals(Set.of("a:1"), images("FROM ${X:-a:1}\n"));
    assertEquals(Set.of("a:1"), images("ARG X=\nFROM ${X:-a:1}\n"));
    assertEquals(Set.of("b"), images("ARG X=1\nFROM ${X:+b}\n"));
    assertEquals(Set.of("a:1"), images("ARG X=1\nFROM \"a:$X\"\n"));
    assertThrows(EngineError.class, () -> images("FROM ${X:?must be given}\n"));
    assertThrows(EngineError.class, () -> images("FROM $X\n"));
  }

  @Test
  void stagesAreNoImagesAndKeepTheirNames() {
    String text = "FROM a AS Build\nFROM build as two\nFROM b\nCOPY --from=build /x /x\n";
    DockerfileFrom from = read(text, NONE);
    assertEquals(Set.of("a", "b"), from.images());
    assertEquals(
        "FROM id-a AS Build\nFROM build as two\nFROM id-b\nCOPY --from=build /x /x\n",
        from.rewrite(image -> "id-" + image));
  }

  @Test
  void copyFromAnImageIsRewrittenAndFromANumberIsNot() {
    String text = "FROM a\nCOPY --chown=1:1 --from=tools:1 [\"/b\", \"/b\"]\nCOPY --from=0 /c /c\n";
    DockerfileFrom from = read(text, NONE);
    assertEquals(Set.of("a", "tools:1"), from.images());
    assertEquals(
        "FROM X\nCOPY --chown=1:1 --from=X [\"/b\", \"/b\"]\nCOPY --from=0 /c /c\n",
        from.rewrite(_ -> "X"));
  }

  @Test
  void continuationsCommentsAndOtherEscapesAreRead() {
    assertEquals(Set.of("a:1"), images("FROM \\\n# a comment inside\n\n  a:1\n"));
    assertEquals(Set.of("a:1"), images("# escape=`\nFROM `\r\n a:1\r\n"));
    assertEquals(Set.of("a"), images("\uFEFFfrom a\nRUN echo \\\n  FROM b\n"));
    assertEquals(Set.of("a"), images("FROM a\n# FROM b\nRUN x\\\\\nRUN y\n"));
    assertEquals("FROM X\n\nRUN y\n", read("FROM \\\n a\nRUN y\n", NONE).rewrite(_ -> "X"));
  }

  @Test
  void hereDocumentsHideWhatLooksLikeInstructions() {
    assertEquals(Set.of("a"), images("FROM a\nRUN <<EOF\nFROM b\nEOF\nRUN true\n"));
    assertEquals(Set.of("a", "c"), images("FROM a\nCOPY <<-E /x\nFROM b\n\tE\nFROM c\n"));
  }

  @Test
  void stagesAfterTheTargetAreNotLookedAt() {
    String text = "FROM a AS one\nFROM b AS two\nFROM c\n";
    assertEquals(Set.of("a"), DockerfileFrom.read(text, NONE, Optional.of("ONE")).images());
    assertEquals(Set.of("a", "b"), DockerfileFrom.read(text, NONE, Optional.of("1")).images());
  }

  @Test
  void scratchIsNoImageAndOwnPlatformsAreTakenAway() {
    assertEquals(Set.of(), images("FROM scratch\nCOPY a /\n"));
    assertEquals(
        "FROM X AS b\n", read("FROM --platform=$BUILDPLATFORM a AS b\n", NONE).rewrite(_ -> "X"));
    assertThrows(EngineError.class, () -> images("FROM --platform=linux/arm64 a\n"));
  }

  @Test
  void aBadFromIsSaidWithItsLine() {
    EngineError error = assertThrows(EngineError.class, () -> images("\n\nFROM a b\n"));
    assertEquals(
        "dockerfile parse error line 3: FROM requires either one or three arguments", error.text());
  }

  @Test
  void whatAddFetchesIsKnownThroughItsVariables() {
    String text =
        """
        ARG HOST=h
        FROM a
        ARG HOST
        ENV T="${X:-c d}"
        ENV URL=http://$HOST/x
        ADD $URL /y
        ADD ["https://b/c", "/d"]
        ONBUILD ADD http://e/f /g
        ADD local.tar /http://
        """;
    assertEquals(Set.of("http://h/x", "https://b/c", "http://e/f"), read(text, NONE).urls());
    for (String url :
        new String[] {"http://127.0.0.1:1/", "http://10.77.0.1/", "http://[::1]/", "http://0/"}) {
      assertThrows(EngineError.class, () -> PublicHost.check(url), url);
    }
  }

  private static Set<String> images(String text) {
    return read(text, NONE).images();
  }

  private static DockerfileFrom read(String text, Map<String, String> arguments) {
    return DockerfileFrom.read(text, arguments, Optional.empty());
  }
}
