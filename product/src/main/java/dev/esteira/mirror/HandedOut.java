package dev.esteira.mirror;

import dev.esteira.base.Commands;
import dev.esteira.base.Programs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * A program that stands in for a download.
 *
 * @param version as people read it
 */
record HandedOut(String version, long bytes, Source source) {
  /** Opens the bytes, from the beginning each time. */
  interface Source {
    InputStream open() throws IOException;
  }

  private static final Pattern VERSION = Pattern.compile("v\\d+\\.\\d+\\.\\d+");
  private static final int EXECUTABLE = 0100755;

  /** This machine's kubectl; {@code PREREQUISITE} when it has none. */
  static HandedOut kubectl() throws IOException {
    Path program = Path.of(Programs.require("kubectl"));
    String said = Commands.check(List.of(program.toString(), "version", "--client", "-o", "json"));
    Matcher version = VERSION.matcher(said);
    return new HandedOut(
        version.find() ? version.group() : "of this machine",
        Files.size(program),
        () -> Files.newInputStream(program));
  }

  /** The tokens that aws-iam-authenticator makes, made by the AWS CLI. */
  static HandedOut authenticator() throws IOException {
    return of("'aws eks get-token'", resource("aws-iam-authenticator.sh"));
  }

  /** The AWS CLI's installer, for images that have the CLI. */
  static HandedOut awsInstaller() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      ZipArchiveEntry entry = new ZipArchiveEntry("aws/install");
      entry.setUnixMode(EXECUTABLE);
      zip.putArchiveEntry(entry);
      zip.write(resource("aws-install.sh"));
      zip.closeArchiveEntry();
    }
    return of("the image's own aws", bytes.toByteArray());
  }

  /** For {@code curl … | bash}: the system's own packages do, npm among them. */
  static HandedOut nodeSetup() throws IOException {
    return of("Debian's nodejs and npm", resource("node-setup.sh"));
  }

  private static HandedOut of(String version, byte[] bytes) {
    return new HandedOut(version, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = HandedOut.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from the jar");
      }
      return in.readAllBytes();
    }
  }
}
