package dev.esteira.engine;

import dev.esteira.base.Commands;
import dev.esteira.base.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes away what an engine leaves in the kernel: mounts, control groups, shims. */
final class Leftovers {
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());
  private static final Duration UMOUNT_LIMIT = Duration.ofSeconds(30);
  private static final int ROUNDS_MAX = 5;
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Leftovers() {}

  /** Unmounts everything at or under the directory; mounts may lie on one another. */
  static void unmountUnder(Path directory) {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<String> mounts = mountsUnder(directory);
      if (mounts.isEmpty()) {
        return;
      }
      List<String> command = new ArrayList<>(List.of(Programs.require("umount"), "--lazy"));
      command.addAll(mounts.reversed());
      Commands.run(UMOUNT_LIMIT, "", command);
    }
    List<String> left = mountsUnder(directory);
    if (!left.isEmpty()) {
      LOG.log(Level.WARNING, "could not unmount {0}", String.join(", ", left));
    }
  }

  /** Mount points at or under the directory, in the order in which they were mounted. */
  static List<String> mountsUnder(Path directory) {
    String prefix = directory.toString();
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> unescape(line.split(" ")[4]))
          .filter(point -> point.equals(prefix) || point.startsWith(prefix + "/"))
          .toList();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not read the mounts", e);
      return List.of();
    }
  }

  private static String unescape(String point) {
    return point
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  /** Ends the shims that serve this containerd, and what runs under them. */
  static void endShims(Path containerdSocket) {
    List<ProcessHandle> shims =
        ProcessHandle.allProcesses().filter(p -> isShim(p, containerdSocket)).toList();
    for (ProcessHandle shim : shims) {
      shim.descendants().forEach(ProcessHandle::destroyForcibly);
      shim.destroyForcibly();
    }
  }

  private static boolean isShim(ProcessHandle process, Path containerdSocket) {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return line.contains("containerd-shim") && line.contains("\0" + containerdSocket + "\0");
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the empty control groups named so or so at the start, in every hierarchy. */
  static void removeCgroups(String prefix) {
    try (Stream<Path> groups = Files.find(CGROUPS, 2, (p, _) -> startsWith(p, prefix))) {
      groups.toList().forEach(Leftovers::removeCgroup);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, "this machine has no control groups: {0}", e.getMessage());
    }
  }

  private static boolean startsWith(Path group, String prefix) {
    Path name = group.getFileName();
    return name != null && name.toString().startsWith(prefix) && Files.isDirectory(group);
  }

  private static void removeCgroup(Path root) {
    try (Stream<Path> tree = Files.walk(root)) {
      List<Path> groups =
          tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
      for (Path group : groups) {
        Files.delete(group);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not remove control group {0}: {1}", root, e.getMessage());
    }
  }

  /** Deletes a directory and all in it. */
  static void delete(Path directory) {
    if (!Files.isDirectory(directory) || !mountsUnder(directory).isEmpty()) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not delete {0}: {1}", directory, e.getMessage());
    }
  }
}
