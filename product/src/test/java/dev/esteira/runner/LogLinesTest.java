package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private static final String SECRET = "p@ss/w0rd+&?\"x'y";

  @Test
  void aSecretIsMaskedAsItIs() {
    assertEquals(List.of("a *** b", "***"), lines("a " + SECRET + " b\n" + SECRET, SECRET));
  }

  @Test
  void aSecretIsMaskedWhateverTheWrites() {
    // Given
    byte[] text = ("x" + SECRET + "y" + SECRET + "\nplain\n").getBytes(StandardCharsets.UTF_8);
    for (int size = 1; size < text.length; size++) {
      List<String> found = new ArrayList<>();
      LogLines lines = new LogLines(new Masker(List.of(SECRET)), 0, found::add);
      // When
      for (int at = 0; at < text.length; at += size) {
        lines.write(ByteBuffer.wrap(text, at, Math.min(size, text.length - at)));
      }
      lines.end();
      // Then
      assertEquals(List.of("x***y***", "plain"), found);
    }
  }

  @Test
  void aSecretThatIsToldLaterIsMaskedFromThenOn() {
    // Given a line that is nearly full, and a secret that is longer than all before it
    String late = "longer-than-the-buffer-was-made-for-".repeat(8);
    List<String> told = new ArrayList<>();
    List<String> found = new ArrayList<>();
    LogLines lines = new LogLines(() -> new Masker(told), 0, found::add);
    lines.write(ByteBuffer.wrap("short\n".getBytes(StandardCharsets.UTF_8)));
    String full = "x".repeat(LogLines.LINE_BYTES_MAX - 9);
    // When it is told, and written over the end of the line's first piece
    told.add(late);
    lines.write(ByteBuffer.wrap((full + late + "\n").getBytes(StandardCharsets.UTF_8)));
    lines.end();
    // Then
    assertEquals("short" + full + "***", String.join("", found));
  }

  @Test
  void aSecretIsMaskedInBase64AtEachAlignment() {
    for (String before : List.of("", "u", "us", "user:")) {
      for (String after : List.of("", "\n", "@host")) {
        String encoded =
            Base64.getEncoder()
                .encodeToString((before + SECRET + after).getBytes(StandardCharsets.UTF_8));
        String shown = lines(encoded + "\n", SECRET).getFirst();
        assertTrue(shown.contains("***"), before + "|" + after + ": " + shown);
        assertTrue(shown.length() < encoded.length(), shown);
      }
    }
  }

  @Test
  void aSecretIsMaskedPercentEncodedAndEscaped() {
    String encoded = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
    assertEquals(List.of("u=***&"), lines("u=" + encoded + "&\n", SECRET));
    assertEquals(
        List.of("***"),
        lines(
            encoded.replace("%2F", "%2f").replace("%2B", "%2b").replace("%3F", "%3f") + "\n",
            SECRET));
    assertEquals(
        List.of("{\"p\":\"***\"}"),
        lines("{\"p\":\"" + SECRET.replace("\"", "\\\"") + "\"}\n", SECRET));
  }

  @Test
  void aSecretOfSeveralLinesIsMaskedLineByLine() {
    String key = "-----BEGIN KEY-----\nabcdefghijkl\nmnopqrstuvwx\n-----END KEY-----\n";
    assertEquals(List.of("***", "***", "***", "***"), lines(key, key));
    String wrapped =
        Base64.getMimeEncoder(76, new byte[] {'\n'})
            .encodeToString(key.getBytes(StandardCharsets.UTF_8));
    lines(wrapped, key).forEach(line -> assertEquals("***", line));
  }

  @Test
  void aLongLineComesInPiecesAndItsSecretsStayWhole() {
    // Given
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      int at = LogLines.LINE_BYTES_MAX - 30 + random.nextInt(60);
      String text = "a".repeat(at) + SECRET + "b".repeat(random.nextInt(40_000)) + "\n";
      // When
      List<String> pieces = lines(text, SECRET);
      // Then
      String all = String.join("", pieces);
      assertEquals(text.replace(SECRET, "***").strip(), all);
      pieces.forEach(piece -> assertTrue(piece.length() <= LogLines.LINE_BYTES_MAX + 3));
    }
  }

  @Test
  void aHugeLineNeedsLittleMemory() {
    long[] count = {0};
    LogLines lines = new LogLines(new Masker(List.of(SECRET)), 0, l -> count[0] += l.length());
    ByteBuffer chunk = ByteBuffer.wrap("x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 1_600; i++) {
      chunk.rewind();
      lines.write(chunk);
    }
    lines.end();
    assertEquals(1_600L * 64 * 1024, count[0]);
  }

  @Test
  void aReaderGoesOnWhereAnotherStopped() {
    String text = "one\ntwo " + SECRET + "\n" + "z".repeat(50_000) + "\nlast\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> whole = lines(text, SECRET);
    for (int stop = 0; stop < bytes.length; stop += 97) {
      List<String> first = new ArrayList<>();
      LogLines one = new LogLines(new Masker(List.of(SECRET)), 0, first::add);
      one.write(ByteBuffer.wrap(bytes, 0, stop));
      if (one.atLineStart()) {
        int from = (int) one.lineStart();
        List<String> both = new ArrayList<>(first);
        LogLines two = new LogLines(new Masker(List.of(SECRET)), from, both::add);
        two.write(ByteBuffer.wrap(bytes, from, bytes.length - from));
        two.end();
        assertEquals(whole, both);
      }
    }
  }

  @Test
  void aCharacterOfSeveralBytesStaysWhole() {
    String text = "a" + "é".repeat(20_000);
    assertEquals(text, String.join("", lines(text + "\n", SECRET)));
    assertFalse(lines(text, SECRET).getFirst().contains("\uFFFD"));
  }

  @Test
  void windowsLineEndsVanish() {
    assertEquals(List.of("a", "", "b"), lines("a\r\n\r\nb\r\n", SECRET));
  }

  private static List<String> lines(String text, String secret) {
    List<String> found = new ArrayList<>();
    LogLines lines = new LogLines(new Masker(List.of(secret)), 0, found::add);
    lines.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    lines.end();
    return found;
  }
}
