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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small root file system tar for tests: bash and a few tools of this machine, with their
 * libraries.
 */
public final class TestingRootfs {
  private static final List<String> TOOLS =
      List.of("/bin/bash", "/bin/sh", "/bin/sleep", "/bin/cat", "/bin/ls", "/usr/bin/seq");
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private TestingRootfs() {}

  /** The tar, about 4 MB. */
  public static InputStream tar(Path directory) throws IOException {
    return tar(directory, List.of());
  }

  /** The same with more programs of this machine, such as {@code /usr/bin/base64}. */
  public static InputStream tar(Path directory, List<String> moreTools) throws IOException {
    List<String> tools = new ArrayList<>(TOOLS);
    tools.addAll(moreTools);
    TreeSet<String> files = new TreeSet<>(tools);
    for (String tool : tools) {
      Matcher library = LIBRARY.matcher(Commands.check(List.of("ldd", tool)));
      while (library.find()) {
        files.add(library.group(1));
      }
    }
    Path tar = directory.resolve("rootfs.tar");
    List<String> command =
        new ArrayList<>(
            List.of(
                "tar", "--dereference", "--hard-dereference", "-C", "/", "-cf", tar.toString()));
    files.forEach(f -> command.add(f.substring(1)));
    Commands.check(Duration.ofSeconds(60), "", command);
    byte[] bytes = Files.readAllBytes(tar);
    Files.delete(tar);
    return new ByteArrayInputStream(bytes);
  }
}
