package dev.esteira.runner;

import dev.esteira.engine.Engine;
import dev.esteira.pipeline.Plan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a container that ended before its supervisor began from one that was cut off. */
final class Beginning {
  private static final int LINES_MAX = 50;
  private static final long LOGS_SECONDS_MAX = 10;

  private final Parts parts;
  private final Attempt attempt;
  private final Plan.Job job;
  private final String container;

  Beginning(Parts parts, Attempt attempt, Plan.Job job, String container) {
    this.parts = parts;
    this.attempt = attempt;
    this.job = job;
    this.container = container;
  }

  /** Fails the job when its image never let the shell begin; says what the image said. */
  void check(String end) throws InterruptedException {
    ControlDirectory control = attempt.control(parts.home());
    if (!Workplace.isScript(job) || Files.exists(control.path().resolve("pid"))) {
      return;
    }
    for (String line : lines(parts.engine(), container, LINES_MAX)) {
      parts.logs().append(attempt.logStream(), parts.clock().instant(), line);
    }
    throw new JobFailure(
        "the entrypoint of the image "
            + job.image()
            + " did not start the job's shell ("
            + end
            + "); it must run the command that it is given, or be switched off by"
            + " entrypoint: [\"\"]");
  }

  /** The last lines of output of a container. */
  static List<String> lines(Engine engine, String container, int linesMax)
      throws InterruptedException {
    List<String> lines = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    Engine.LogSink sink =
        new Engine.LogSink() {
          @Override
          public void line(int stream, String timestamp, byte[] text) {
            synchronized (lines) {
              lines.add(new String(text, StandardCharsets.UTF_8).stripTrailing());
              if (lines.size() > linesMax) {
                lines.removeFirst();
              }
            }
          }

          @Override
          public void end() {
            ended.countDown();
          }
        };
    try (AutoCloseable _ = engine.logs(container, false, 0, sink)) {
      boolean _ = ended.await(LOGS_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return List.of("(its output cannot be read: " + e.getMessage() + ")");
    }
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }
}
