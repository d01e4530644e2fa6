package dev.esteira.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
  private static final String HASH =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource({
    "python, docker.io/library/python:latest, python",
    "python:3, docker.io/library/python:3, python:3",
    "team/app, docker.io/team/app:latest, team/app",
    "docker.io/python:3, docker.io/library/python:3, python:3",
    "index.docker.io/team/app, docker.io/team/app:latest, team/app",
    "localhost:5000/x, localhost:5000/x:latest, localhost:5000/x",
    "localhost/x:1, localhost/x:1, localhost/x:1",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/python:3,"
        + " 123456789012.dkr.ecr.us-east-1.amazonaws.com/python:3,"
        + " 123456789012.dkr.ecr.us-east-1.amazonaws.com/python:3",
    "registry.gitlab.com/group/project/image, registry.gitlab.com/group/project/image:latest,"
        + " registry.gitlab.com/group/project/image",
    "[::1]:5000/x, [::1]:5000/x:latest, [::1]:5000/x",
    "current:latest, docker.io/library/current:latest, current:latest",
  })
  void namesAreReadAsDockerDoes(String text, String whole, String familiar) {
    ImageName name = ImageName.parse(text);
    assertEquals(whole, name.normalised());
    assertEquals(familiar, name.familiar());
    assertEquals(name, ImageName.parse(name.familiar()));
  }

  @Test
  void aDigestStandsForTheTag() {
    ImageName name = ImageName.parse("host.example/x@sha256:" + HASH);
    assertEquals("sha256:" + HASH, name.reference());
    assertEquals("host.example/x@sha256:" + HASH, name.normalised());
    assertEquals("host.example/x:1", name.withTag("1").normalised());
    assertEquals("sha256:" + HASH, ImageName.parse("x:1@sha256:" + HASH).reference());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "UPPER",
        "team/App",
        "x:",
        "x:-tag",
        "a b",
        "x@sha256:12",
        "/x",
        "x/",
        "host:5000/",
        "x//y",
        "-x",
        "x..y",
        "x:tag:tag",
        "https://host/x",
        HASH
      })
  void badNamesAreRefusedWithTheRule(String text) {
    EsteiraException e = assertThrows(EsteiraException.class, () -> ImageName.parse(text));
    assertEquals(ErrorCode.INVALID, e.code());
    assertTrue(e.text().contains("is no image name: "), e.text());
  }
}
