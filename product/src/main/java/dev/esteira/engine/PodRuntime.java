package dev.esteira.engine;

import dev.esteira.base.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/**
 * The engine's second runtime: {@code runc}, but a container gets the host name that its mount of
 * {@code /etc/hostname} is called by.
 *
 * <p>A container that joins another's network always gets the other's host name from the engine. A
 * network that was made before anybody knew for whom has a name of its own, so the name is put
 * right here, in the bundle (OCI runtime specification, config.json) that runc is about to read.
 */
final class PodRuntime {
  /** {@code sed} reads the bundle and not the mounted file, which the container can write to. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      # A container whose /etc/hostname is HOME/pods/UID/hostname/NAME gets the host name NAME.
      create= bundle= before=
      for word; do
        [ "$word" = create ] && create=yes
        [ "$before" = --bundle ] && bundle=$word
        before=$word
      done
      if [ -n "$create" ] && [ -n "$bundle" ]; then
        mount='"destination":"/etc/hostname","type":"bind","source":"PODS/[0-9a-f-]*/hostname/'
        name=$(sed -n "s|.*$mount\\([a-z0-9.-]*\\)\\".*|\\1|p" "$bundle/config.json")
        if [ -n "$name" ]; then
          sed -i "s/\\"hostname\\":\\"[^\\"]*\\"/\\"hostname\\":\\"$name\\"/" "$bundle/config.json"
        fi
      fi
      exec RUNC "$@"
      """;

  /** Paths that mean themselves to the shell, to sed and in JSON. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._-]+");

  private PodRuntime() {}

  /** A home whose path is not plain does without: each pod then gets a network of its own name. */
  static boolean isPossible(Path pods) {
    return PLAIN.matcher(pods.toString()).matches();
  }

  /** Writes it into the engine's files. {@code pods} is where the files of pods are. */
  static void write(Path file, Path pods) {
    String text = SCRIPT.replace("PODS", pods.toString()).replace("RUNC", Programs.require("runc"));
    try {
      if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
