package dev.esteira.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class YamlTest {
  @Test
  void scalarsStayAsWritten() {
    // Given
    String text = "a: 0123\nb: 1.10\nc: ON\nd: 12:30:45\ne: '~'\nf: ~\n";
    // When
    YamlNode.Mapping map = (YamlNode.Mapping) Yaml.read("f", text).first();
    // Then
    assertEquals(
        List.of("0123", "1.10", "ON", "12:30:45", "~", "~"),
        map.entries().stream().map(e -> ((YamlNode.Scalar) e.value()).text()).toList());
    assertTrue(map.get("f").orElseThrow().isNull());
    assertTrue(!map.get("e").orElseThrow().isNull());
  }

  @Test
  void linesAndColumnsCountFromOneWithWindowsLineEnds() {
    YamlNode.Mapping map = (YamlNode.Mapping) Yaml.read("f", "a: 1\r\nb:\r\n  - x\r\n").first();
    YamlNode.Sequence list = (YamlNode.Sequence) map.get("b").orElseThrow();
    assertEquals(3, list.items().getFirst().line());
    assertEquals(5, list.items().getFirst().column());
  }

  @Test
  void windowsLineEndsVanishFromBlocks() {
    YamlNode.Mapping map = (YamlNode.Mapping) Yaml.read("f", "a: |\r\n  x\r\n  y\r\n").first();
    assertEquals("x\ny\n", ((YamlNode.Scalar) map.get("a").orElseThrow()).text());
  }

  @Test
  void severalDocumentsAreRead() {
    assertEquals(2, Yaml.read("f", "a: 1\n---\nb: 2\n").documents().size());
  }

  @Test
  void ownKeysBeatMergedOnesAndTheFirstMergeWins() {
    String text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n";
    YamlNode.Mapping z =
        (YamlNode.Mapping) ((YamlNode.Mapping) Yaml.read("f", text).first()).get("z").orElseThrow();
    assertEquals("3", text(z, "a"));
    assertEquals("1", text(z, "b"));
    assertEquals("2", text(z, "c"));
  }

  @Test
  void aFileThatIsTooLargeIsRefused() {
    EsteiraException e =
        assertThrows(EsteiraException.class, () -> Yaml.read("f", "a".repeat(2 << 20)));
    assertEquals(ErrorCode.INVALID, e.code());
  }

  @Test
  void anyBytesAreReadOrRefusedWithALine() {
    Random random = new Random(7);
    String alphabet = "ab:-[]{}&*#|>'\"%@`!?,\t \n\r\\0~<";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Yaml.read("f", text.toString());
      } catch (EsteiraException e) {
        assertTrue(e.text().matches("(?s)f:\\d+: .*"), e.text());
      }
    }
  }

  private static String text(YamlNode.Mapping map, String key) {
    return ((YamlNode.Scalar) map.get(key).orElseThrow()).text();
  }
}
