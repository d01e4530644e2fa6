package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an instance finds at {@code /run/esteira}, which it can only read:
 *
 * <pre>
 * instance          its id
 * hostname          its name, as /etc/hosts wants it
 * ca.pem root.pem   all authorities that it trusts; ours alone
 * authorized_keys   the public key of its key pair
 * user-data         as given, for whoever looks for it
 * user-data.sh      what runs at the first boot
 * stand-in          what it stands in for; empty when it is what was asked for
 * docker.sock       its Docker API
 * </pre>
 */
final class GivenFiles {
  private final Ground ground;
  private final Path directory;

  GivenFiles(Ground ground, Path directory) {
    this.ground = ground;
    this.directory = directory;
  }

  void write(Life life, MachineImage image, Optional<String> publicKey) {
    try {
      put("instance", life.id() + "\n");
      String address = life.network().orElseThrow().privateAddress();
      put("hostname", HostNames.inside(address, ground.region()) + "\n");
      put("root.pem", ground.rootPem());
      put("authorized_keys", publicKey.map(key -> key.strip() + "\n").orElse(""));
      put("stand-in", image.standsIn() ? image.id() + ": " + image.description() + "\n" : "");
      replace("ca.pem", Files.readAllBytes(ground.bundle().get()));
      byte[] userData = life.template().userData();
      replace("user-data", userData);
      Optional<byte[]> program = program(userData);
      if (program.isPresent()) {
        replace("user-data.sh", program.get());
      } else {
        Files.deleteIfExists(directory.resolve("user-data.sh"));
      }
    } catch (IOException e) {
      throw EsteiraException.internal("could not write into " + directory, e);
    }
  }

  /** What cannot be read is said on the console, as a machine would; it still boots. */
  private static Optional<byte[]> program(byte[] userData) {
    try {
      return UserData.program(userData);
    } catch (EsteiraException e) {
      String text = "#!/bin/sh\ncat <<'END'\n" + e.text() + "\nEND\nexit 1\n";
      return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void put(String name, String text) throws IOException {
    replace(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A running instance never sees half a file. */
  private void replace(String name, byte[] bytes) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    Files.write(fresh, bytes);
    Files.move(
        fresh,
        directory.resolve(name),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  void delete() {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw EsteiraException.internal("could not remove " + directory, e);
    }
  }
}
