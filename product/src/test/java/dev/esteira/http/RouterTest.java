package dev.esteira.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static Optional<Map<String, String>> match(String pattern, String... path) {
    return new RouteMatch(pattern).parameters(List.of(path));
  }

  @Test
  void namesOfPartsTakeOneDecodedPart() {
    assertEquals(Optional.of(Map.of("x", "a/b")), match("/r/{x}/z", "r", "a%2Fb", "z"));
    assertEquals(Optional.empty(), match("/r/{x}/z", "r", "a", "b", "z"));
    assertEquals(Optional.empty(), match("/r/{x}", "r", ""));
  }

  @Test
  void theRestTakesSlashesAndMayBeEmpty() {
    assertEquals(Optional.of(Map.of("x", "a/b/")), match("/r/{x*}", "r", "a", "b", ""));
    assertEquals(Optional.of(Map.of("x", "")), match("/r/{x*}", "r"));
  }

  @Test
  void theRestMustBeLast() {
    assertThrows(IllegalArgumentException.class, () -> new RouteMatch("/{x*}/y"));
  }

  @Test
  void aTrailingSlashMatters() {
    assertEquals(Optional.empty(), match("/v2", "v2", ""));
    assertEquals(Optional.of(Map.of()), match("/v2/", "v2", ""));
  }

  @Test
  void brokenEscapesStay() {
    assertEquals("100%", Percent.decode("100%", false));
    assertEquals("%zz ü", Percent.decode("%zz%20%C3%BC", false));
  }
}
