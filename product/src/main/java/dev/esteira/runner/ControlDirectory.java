package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directory that a job's sandbox sees as {@code /run/esteira}. The job can write anything here,
 * so nothing in it is followed as a link or trusted for more than the job's own results.
 *
 * <pre>
 *   supervisor.sh driver.sh plan.sh   what runs
 *   commands/N                        the text of command N
 *   log                               all output, appended
 *   steps                             B N: command N began; E N CODE: it ended;
 *                                     X FAILED N CODE: all is over
 *   waits bell begin wait.sh          of a sandbox that waits for its job
 *   over                              there once the supervisor has nothing left to do
 *   shell/                            what the shell knew when the present command began
 *   names/N                           names of artifacts as the shell expanded them
 *   door/docker.sock                  the job's Docker API; mounted over this, read only
 *   submodules                        what a script does first to fetch what we have not
 *   bin/                              programs that stand behind those of the image
 *   ca.pem                            whom to trust
 *   certs/                            of the job's docker clients
 *   kubeconfig                        the house's cluster
 *   links cache/N                     caches outside of the workspace: N and where it appears
 * </pre>
 */
record ControlDirectory(Path path) {
  /** Where the sandbox sees it. */
  static final String INSIDE = "/run/esteira";

  private static final int NAME_BYTES_MAX = 4_096;
  private static final List<String> DIRECTORIES =
      List.of("commands", "shell", "names", "variables", "door");

  /** Writes all that the supervisor needs; the log and the steps are empty then. */
  void fill(JobScript script, Plan.Job job) {
    try {
      for (String directory : DIRECTORIES) {
        Files.createDirectories(path.resolve(directory));
      }
      for (Map.Entry<String, String> file : script.files().entrySet()) {
        Files.writeString(path.resolve(file.getKey()), file.getValue());
      }
      for (String resource : List.of("supervisor.sh", "driver.sh")) {
        Files.writeString(path.resolve(resource), resource(resource));
      }
      if (Workplace.isScript(job)) {
        program("release-cli");
      }
      if (job.shell().equals("bash") && !Workplace.isScript(job)) {
        Files.writeString(path.resolve("shell/bash-wanted"), "");
      }
      for (String file : List.of("log", "steps")) {
        Files.writeString(path.resolve(file), "");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the control directory " + path, e);
    }
  }

  /** What a script does first, for submodules that the job's own git has to bring. */
  void submodules(String script) {
    try {
      Files.writeString(path.resolve("submodules"), script);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + path.resolve("submodules"), e);
    }
  }

  /** One that answers a script where its image has none of that name. */
  private void program(String name) throws IOException {
    Path file = Files.createDirectories(path.resolve("bin")).resolve(name);
    Files.writeString(file, resource(name));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path log() {
    return path.resolve("log");
  }

  Path steps() {
    return path.resolve("steps");
  }

  /** Appends lines of our own to the job's log, which is the truth about its log stream. */
  void say(List<String> lines) {
    if (!Files.isRegularFile(log(), LinkOption.NOFOLLOW_LINKS)) {
      throw EsteiraException.notFound("there is no plain file " + log());
    }
    try (FileChannel log =
        FileChannel.open(log(), StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
      String text = (midLine() ? "\n" : "") + String.join("\n", lines) + "\n";
      log.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write to " + log(), e);
    }
  }

  /** Whether the job's last output has no line end. */
  private boolean midLine() throws IOException {
    try (FileChannel log = open(log())) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return log.size() > 0 && log.read(last, log.size() - 1) == 1 && last.get(0) != '\n';
    }
  }

  /** Opens a file that the job may have replaced: links and anything but files are refused. */
  static FileChannel open(Path file) {
    try {
      Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw EsteiraException.notFound("there is no plain file " + file);
      }
      return FileChannel.open(file, options);
    } catch (IOException e) {
      throw new UncheckedIOException("could not open " + file, e);
    }
  }

  /** The expanded names of artifacts; one that the shell could not expand stays as written. */
  List<String> names(List<String> written) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      names.add(name(i, written.get(i)));
    }
    return names;
  }

  private String name(int index, String written) {
    Path file = path.resolve("names/" + index);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return written;
    }
    try (FileChannel in = open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate(NAME_BYTES_MAX);
      in.read(bytes);
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? written : text;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = ControlDirectory.class.getResourceAsStream(name)) {
      if (in == null) {
        throw EsteiraException.internal("the resource " + name + " is missing", null);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
