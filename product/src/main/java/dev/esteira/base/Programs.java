package dev.esteira.base;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The programs that a house drives: where they are, and which Debian package brings them. The
 * directories of the administrator are searched too, because a shell may not have them.
 */
public final class Programs {
  private static final List<String> ALWAYS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("containerd", "containerd"),
          Map.entry("containerd-shim-runc-v2", "containerd"),
          Map.entry("runc", "runc"),
          Map.entry("dockerd", "docker.io"),
          Map.entry("docker", "docker.io"),
          Map.entry("ip", "iproute2"),
          Map.entry("nft", "nftables"),
          Map.entry("iptables", "iptables"),
          Map.entry("setsid", "util-linux"),
          Map.entry("nsenter", "util-linux"),
          Map.entry("mount", "mount"),
          Map.entry("umount", "mount"),
          Map.entry("haproxy", "haproxy"),
          Map.entry("git", "git"),
          Map.entry("ssh-keygen", "openssh-client"),
          Map.entry("mmdebstrap", "mmdebstrap"),
          Map.entry("kubectl", "kubernetes-client"),
          Map.entry("aws", "awscli"));

  private Programs() {}

  /** The program's path; {@code PREREQUISITE} names the package when it is missing. */
  public static String require(String program) {
    return find(program).map(Path::toString).orElseThrow(() -> missing(List.of(program)));
  }

  /** All of them, or one {@code PREREQUISITE} error that names every missing package. */
  public static void requireAll(Collection<String> programs) {
    List<String> absent = programs.stream().filter(p -> find(p).isEmpty()).toList();
    if (!absent.isEmpty()) {
      throw missing(absent);
    }
  }

  /** The Debian package that brings the program. */
  public static String debianPackage(String program) {
    return PACKAGES.getOrDefault(program, program);
  }

  public static Optional<Path> find(String program) {
    for (String directory : searchPath().split(":")) {
      if (!directory.isEmpty()) {
        Path candidate = Path.of(directory, program);
        if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** {@code PATH} with the administrator's directories added, for this process and its children. */
  public static String searchPath() {
    String path = System.getenv("PATH");
    List<String> directories = new ArrayList<>(List.of(path == null ? "" : path));
    directories.addAll(ALWAYS);
    return String.join(":", directories);
  }

  private static EsteiraException missing(List<String> programs) {
    TreeSet<String> packages = new TreeSet<>();
    programs.forEach(p -> packages.add(PACKAGES.getOrDefault(p, p)));
    return new EsteiraException(
        ErrorCode.PREREQUISITE,
        "looked for "
            + String.join(", ", programs)
            + ", but this machine has none (Debian package "
            + String.join(", ", packages)
            + ")",
        "apt-get install -y --no-install-recommends " + String.join(" ", packages),
        null);
  }
}
