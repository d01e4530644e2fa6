package dev.esteira.engine;

import dev.esteira.base.Commands;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Small root file system tars for tests: programs of this machine, with the libraries that they
 * need.
 */
public final class TestingRootfs {
  private static final List<String> TOOLS =
      List.of("/bin/bash", "/bin/sh", "/bin/sleep", "/bin/cat", "/bin/ls", "/usr/bin/seq");
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private TestingRootfs() {}

  /** The tar of bash and a few tools, about 4 MB. */
  public static InputStream tar(Path directory) throws IOException {
    return tar(directory, List.of());
  }

  /** The same with more programs of this machine, such as {@code /usr/bin/base64}. */
  public static InputStream tar(Path directory, List<String> moreTools) throws IOException {
    List<String> tools = new ArrayList<>(TOOLS);
    tools.addAll(moreTools);
    return new ByteArrayInputStream(pack(directory, tools, List.of()));
  }

  /** The tar of these programs of this machine, and of these other files and directories. */
  public static byte[] pack(Path directory, List<String> programs, List<String> others)
      throws IOException {
    Set<String> files = new TreeSet<>(programs);
    programs.forEach(program -> files.addAll(libraries(program)));
    files.addAll(others);
    Path tar = directory.resolve("rootfs.tar");
    List<String> command =
        new ArrayList<>(
            List.of(
                "tar", "--dereference", "--hard-dereference", "-C", "/", "-cf", tar.toString()));
    files.forEach(f -> command.add(f.substring(1)));
    Commands.check(Duration.ofSeconds(60), "", command);
    byte[] bytes = Files.readAllBytes(tar);
    Files.delete(tar);
    return bytes;
  }

  /** The libraries of a program, as paths of this machine; a static one has none. */
  public static List<String> libraries(String program) {
    String said = Commands.run(Duration.ofMinutes(2), "", List.of("ldd", program)).output();
    Matcher library = LIBRARY.matcher(said);
    List<String> found = new ArrayList<>();
    while (library.find()) {
      found.add(library.group(1));
    }
    return found;
  }
}
