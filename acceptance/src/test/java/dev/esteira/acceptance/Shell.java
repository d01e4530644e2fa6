package dev.esteira.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs commands as a person would: in a directory, with an environment, within a time. */
final class Shell {
  /** What a command left behind. */
  record Result(int exitCode, String out, String err) {
    /** The output, if the command ended well; else an error that shows all of it. */
    String orFail() {
      if (exitCode != 0) {
        throw new AssertionError(
            "exit code " + exitCode + "\n--- out\n" + out + "\n--- err\n" + err);
      }
      return out;
    }
  }

  private final Path directory;
  private final Map<String, String> environment;
  private final List<String> prefix;

  Shell(Path directory, Map<String, String> environment) {
    this(directory, environment, List.of());
  }

  /** With words that go before each command, such as those that enter a namespace. */
  Shell(Path directory, Map<String, String> environment, List<String> prefix) {
    this.directory = directory;
    this.environment = new TreeMap<>(environment);
    this.prefix = List.copyOf(prefix);
  }

  Shell in(Path other) {
    return new Shell(other, environment, prefix);
  }

  Shell with(String name, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(name, value);
    return new Shell(directory, changed, prefix);
  }

  Result bash(Duration limit, String script) {
    return run(limit, List.of("bash", "-c", script));
  }

  /** Starts a command that is spoken with while it runs; what it complains of is shown. */
  Process start(List<String> command) {
    try {
      return builder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new AssertionError("could not start " + command, e);
    }
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(whole(command)).directory(directory.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  Result run(Duration limit, List<String> command) {
    try {
      Process process = builder(command).start();
      process.getOutputStream().close();
      Reader out = new Reader(process.getInputStream());
      Reader err = new Reader(process.getErrorStream());
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            "'" + String.join(" ", command) + "' did not end in " + limit + ": " + err.soFar());
      }
      return new Result(process.exitValue(), out.text(), err.text());
    } catch (IOException e) {
      throw new AssertionError("could not run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private List<String> whole(List<String> command) {
    if (prefix.isEmpty()) {
      return command;
    }
    // Entering a namespace loses the directory.
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(List.of("env", "-C", directory.toString()));
    whole.addAll(command);
    return whole;
  }

  /** Reads a stream to its end beside the program. */
  private static final class Reader {
    private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    private final Thread thread;

    Reader(java.io.InputStream in) {
      this.thread =
          Thread.ofVirtual()
              .start(() -> {
                try (in) {
                  in.transferTo(bytes);
                } catch (IOException e) {
                  // The program was ended; what came before is kept.
                }
              });
    }

    String soFar() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    String text() throws InterruptedException {
      // A daemon that the program started may hold the stream open: it need not end.
      thread.join(Duration.ofSeconds(2));
      return soFar();
    }
  }
}
