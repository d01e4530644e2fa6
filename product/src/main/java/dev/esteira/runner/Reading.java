package dev.esteira.runner;

import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.pipeline.JobRunner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a sandbox's log and steps along: lines go to the job's log stream with secrets masked,
 * steps are acknowledged after the output that came before them. The log stream is a function of
 * the log, so that a reader that comes later goes on without gap or repetition. One thread.
 */
final class Reading implements AutoCloseable {
  static final long LOG_BYTES_MAX = 4L << 30;
  private static final long POLL_MILLIS = 10;
  private static final long RECORD_MILLIS = 2_000;

  private final Parts parts;
  private final Attempt attempt;
  private final StepReader stepReader;
  private final LogLines logLines;
  private final KeptLines kept;
  private final FileTail log;
  private final FileTail steps;
  private SandboxRecord record;
  private long recordedMillis;

  Reading(
      Parts parts,
      Attempt attempt,
      JobScript script,
      SandboxRecord record,
      List<String> secrets,
      JobRunner.Events events) {
    this.parts = parts;
    this.attempt = attempt;
    this.stepReader = new StepReader(script.steps(), attempt, events);
    Home home = parts.home();
    boolean trusted = record.kept() <= parts.logs().size(attempt.logStream());
    this.record = trusted ? record : record.read(0, 0);
    this.kept = new KeptLines(parts.logs(), attempt.logStream(), this.record.kept());
    long offset = this.record.logOffset();
    this.logLines = new LogLines(new Maskers(parts, attempt, secrets), offset, this::append);
    this.log = new FileTail(attempt.control(home).log(), offset, logLines);
    LogLines stepLines = new LogLines(new Masker(List.of()), 0, stepReader::line);
    this.steps = new FileTail(attempt.control(home).steps(), 0, stepLines);
    this.recordedMillis = parts.clock().millis();
  }

  private void append(String line) {
    if (kept.has(line)) {
      return;
    }
    parts.logs().append(attempt.logStream(), parts.clock().instant(), line);
  }

  /** Reads what has come; returns whether anything did. */
  boolean round() {
    boolean moved = steps.drain() > 0;
    // What was written before a step's end is read before the step is acknowledged.
    long read = log.drain();
    for (long more = read; moved && more > 0; ) {
      more = log.drain();
    }
    stepReader.tell();
    remember();
    return moved || read > 0;
  }

  private void remember() {
    long now = parts.clock().millis();
    boolean due = now - recordedMillis >= RECORD_MILLIS;
    if (due && logLines.atLineStart() && logLines.lineStart() > record.logOffset()) {
      parts.logs().sync(attempt.logStream());
      record = record.read(logLines.lineStart(), parts.logs().size(attempt.logStream()));
      parts
          .ledger()
          .write(tx -> {
            tx.put(SandboxRecord.KIND, attempt.key(), Json.write(record));
            return 0;
          });
      recordedMillis = now;
    }
  }

  /** Refuses a log without end. */
  void limit() {
    if (log.position() > LOG_BYTES_MAX) {
      throw new JobFailure("the log has more than " + LOG_BYTES_MAX + " bytes");
    }
  }

  void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
  }

  Optional<String> over() {
    return stepReader.over();
  }

  /** The exit code of the command that failed the job. */
  Optional<Integer> failedWith() {
    return stepReader.failedWith();
  }

  SandboxRecord record() {
    return record;
  }

  /** Reads the rest of the log and appends the last line; durable, and once however often said. */
  void end(String last) {
    while (round()) {
      // Each round is limited; the log is not appended to any more.
      limit();
    }
    logLines.end();
    logLines.write(ByteBuffer.wrap((last + "\n").getBytes(StandardCharsets.UTF_8)));
    parts.logs().sync(attempt.logStream());
  }

  @Override
  public void close() {
    log.close();
    steps.close();
  }
}
