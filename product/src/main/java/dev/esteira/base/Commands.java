package dev.esteira.base;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, bounded in time and in what is kept of its output. */
public final class Commands {
  private static final int OUTPUT_BYTES_MAX = 4 << 20;

  private Commands() {}

  /** What a finished program left: its exit code and its output, standard error included. */
  public record Result(int exitCode, String output) {
    public boolean ok() {
      return exitCode == 0;
    }
  }

  /**
   * Runs it; a missing program or a time-out is an {@link EsteiraException}, an exit code is not.
   */
  public static Result run(Duration limit, String input, List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      Thread reader = Thread.ofVirtual().start(() -> keep(process.getInputStream(), kept));
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The program closed its input early; its exit code says whether that was a failure.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw EsteiraException.unavailable(
            "'" + String.join(" ", command) + "' did not end within " + limit.toSeconds() + " s",
            null);
      }
      reader.join();
      return new Result(process.exitValue(), kept.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new EsteiraException(
          ErrorCode.PREREQUISITE, "could not start '" + command.getFirst() + "'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while running " + command.getFirst(), e);
    }
  }

  /** Runs it and returns its output; any exit code but 0 is an {@link EsteiraException}. */
  public static String check(Duration limit, String input, List<String> command) {
    Result result = run(limit, input, command);
    if (!result.ok()) {
      throw EsteiraException.internal(
          "'"
              + String.join(" ", command)
              + "' exited with "
              + result.exitCode()
              + ": "
              + result.output().strip(),
          null);
    }
    return result.output();
  }

  public static String check(List<String> command) {
    return check(Duration.ofSeconds(30), "", command);
  }

  private static void keep(InputStream from, ByteArrayOutputStream to) {
    byte[] buffer = new byte[8192];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.write(buffer, 0, Math.min(n, Math.max(0, OUTPUT_BYTES_MAX - to.size())));
      }
    } catch (IOException e) {
      // The pipe broke because the program was ended; what was read stays.
    }
  }
}
