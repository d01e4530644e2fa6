package dev.esteira.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.observe.Logs.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogsTest {
  private static final Instant AT = Instant.parse("2026-01-01T10:20:30.123456789Z");
  private static final long WAIT_MILLIS = 20_000;

  @TempDir private Path directory;
  private FileLogs logs;

  @BeforeEach
  void open() {
    logs = new FileLogs(new Home(directory));
  }

  @AfterEach
  void close() {
    logs.close();
  }

  private void reopen() {
    logs.close();
    open();
  }

  private List<String> texts(String stream) {
    return logs.read(stream, 0, 1_000).stream().map(Line::text).toList();
  }

  @Test
  void linesComeBackWithTheirTimesAndOffsetsAlsoAfterReopening() {
    logs.append("job/1", AT, "first");
    logs.append("job/1", AT.plusSeconds(1), "");
    logs.append("job/1", AT, "três ✓");
    reopen();
    assertEquals(
        List.of(new Line(1, AT.plusSeconds(1), ""), new Line(2, AT, "três ✓")),
        logs.read("job/1", 1, 10));
    assertEquals(List.of(new Line(0, AT, "first")), logs.read("job/1", 0, 1));
    assertEquals(3, logs.size("job/1"));
    assertEquals(List.of(), logs.read("job/1", 3, 10));
  }

  @Test
  void anUnknownStreamIsEmptyAndLeavesNoFiles() throws IOException {
    assertEquals(List.of(), logs.read("job/none", 0, 10));
    assertEquals(0, logs.size("job/none"));
    assertFalse(logs.ended("job/none"));
    try (Stream<Path> files = Files.list(new Home(directory).logs())) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void oneStreamMayLieBelowAnotherAndNoNameLeavesTheDirectory() {
    List<String> names =
        List.of("a", "a/b", "a~", "../a", "a/../b", ".", "a%2Fb", "A", "a b/ç", "ended");
    names.forEach(name -> logs.append(name, AT, "of " + name));
    reopen();
    names.forEach(name -> assertEquals(List.of("of " + name), texts(name)));
    assertFalse(Files.exists(directory.resolve("a~")));
    for (String bad : List.of("", "/a", "a//b", "a/", "x".repeat(513))) {
      assertEquals(
          ErrorCode.INVALID,
          assertThrows(EsteiraException.class, () -> logs.append(bad, AT, "x")).code());
    }
  }

  @Test
  void aTornLastRecordIsCutAndTheStreamGoesOn() throws IOException {
    logs.append("job/1", AT, "whole");
    logs.append("job/1", AT, "torn");
    logs.close();
    Path file = new Home(directory).logs().resolve("job/1~/000000000000000.log");
    byte[] all = Files.readAllBytes(file);
    for (int kept = all.length - 1; kept >= all.length - 20; kept--) {
      Files.write(file, Arrays.copyOf(all, kept));
      Files.write(file, new byte[40], StandardOpenOption.APPEND);
      open();
      assertEquals(List.of("whole"), texts("job/1"));
      logs.append("job/1", AT, "next");
      reopen();
      assertEquals(List.of("whole", "next"), texts("job/1"));
      logs.close();
    }
  }

  @Test
  void aVeryLongLineIsKeptInPiecesBetweenCharacters() {
    String text = "ç✓𝄞".repeat(30_000);
    logs.append("job/1", AT, text);
    List<String> pieces = texts("job/1");
    assertEquals(5, pieces.size());
    assertEquals(text, String.join("", pieces));
  }

  @Test
  void aStreamOfManySegmentsIsReadFromAnyOffset() {
    String padding = "x".repeat(2_000);
    int lines = 12_000;
    for (int i = 0; i < lines; i++) {
      logs.append("job/1", AT, i + padding);
    }
    reopen();
    assertEquals(lines, logs.size("job/1"));
    for (int offset : List.of(0, 1, 63, 64, 4_000, 4_160, 4_161, 8_400, lines - 1)) {
      Line line = logs.read("job/1", offset, 1).getFirst();
      assertEquals(new Line(offset, AT, offset + padding), line);
    }
    List<Line> all = new ArrayList<>();
    for (List<Line> part = logs.read("job/1", 0, 1_000);
        !part.isEmpty();
        part = logs.read("job/1", all.size(), 1_000)) {
      all.addAll(part);
    }
    assertEquals(lines, all.size());
    logs.append("job/1", AT, "more");
    assertEquals("more", logs.read("job/1", lines, 10).getFirst().text());
  }

  @Test
  void aFollowerWakesWhenALineComesAndWhenTheStreamEnds() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Line>> line = threads.submit(() -> logs.follow("job/1", 0, 10, WAIT_MILLIS));
      logs.append("job/1", AT, "here");
      assertEquals("here", line.get().getFirst().text());
      Future<List<Line>> end = threads.submit(() -> logs.follow("job/1", 1, 10, WAIT_MILLIS));
      logs.end("job/1");
      assertEquals(List.of(), end.get());
      assertEquals(List.of(), logs.follow("job/2", 0, 10, 1));
    }
  }

  @Test
  void anEndedStreamTakesNoMoreLinesAndStaysEnded() {
    logs.append("job/1", AT, "last");
    logs.end("job/1");
    logs.end("job/1");
    reopen();
    assertTrue(logs.ended("job/1"));
    assertEquals(
        ErrorCode.CONFLICT,
        assertThrows(EsteiraException.class, () -> logs.append("job/1", AT, "late")).code());
    assertEquals(List.of("last"), texts("job/1"));
  }

  @Test
  void aDeletedStreamIsGoneAndMayBeginAgain() {
    logs.append("job/1", AT, "old");
    logs.append("job/1/child", AT, "stays");
    logs.end("job/1");
    logs.delete("job/1");
    assertEquals(0, logs.size("job/1"));
    assertFalse(logs.ended("job/1"));
    logs.append("job/1", AT, "new");
    assertEquals(List.of("new"), texts("job/1"));
    assertEquals(List.of("stays"), texts("job/1/child"));
  }

  @Test
  void moreStreamsThanStayOpenLoseNothing() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 600; i++) {
        logs.append("job/" + i, AT, "line " + round);
      }
    }
    for (int i = 0; i < 600; i++) {
      assertEquals(List.of("line 0", "line 1"), texts("job/" + i));
    }
  }

  @Test
  void anInterruptedWriterHarmsNobody() {
    Thread.currentThread().interrupt();
    logs.append("job/1", AT, "written");
    assertTrue(Thread.interrupted());
    logs.append("job/1", AT, "and more");
    assertEquals(List.of("written", "and more"), texts("job/1"));
  }
}
