package dev.esteira.mirror;

import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers the downloads with which build scripts begin, by the paths of their publishers: kubectl
 * (releases of Kubernetes, builds of EKS), aws-iam-authenticator (EKS), the AWS CLI's installer and
 * what sets a system up for packages of Node.js. What is handed out is this machine's version,
 * whatever version the path names; the job is told.
 */
public final class DownloadMirror implements Handler {
  /** Hears what stood in for what, and from which address it was asked. */
  @FunctionalInterface
  public interface Notices {
    void notice(String sourceAddress, String line);
  }

  private static final String ARCHITECTURE =
      System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
  private static final Pattern STABLE =
      Pattern.compile("/(?:kubernetes-release/)?release/stable(?:-[0-9.]+)?\\.txt");
  private static final Pattern AWS_CLI = Pattern.compile("/awscli-exe-linux-[^/]*\\.zip");

  /** What sets a system up for the packages of Node.js's makers. */
  private static final Pattern NODE_SETUP = Pattern.compile("/setup_(?:[0-9]+|lts|current)\\.x");

  /** A version (EKS adds a date), an architecture, the program, and a checksum's ending. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "/(?:amazon-eks/|(?:kubernetes-release/)?release/)?(v?[0-9][^/]*)(?:/[0-9-]{10})?"
              + "/bin/linux/"
              + ARCHITECTURE
              + "/(kubectl|aws-iam-authenticator)(\\.[a-z0-9]+)?");

  private static final Map<String, String> CHECKSUMS =
      Map.of(".md5", "MD5", ".sha1", "SHA-1", ".sha256", "SHA-256", ".sha512", "SHA-512");

  private final Notices notices;

  public DownloadMirror(Notices notices) {
    this.notices = notices;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    String path = exchange.path();
    Matcher program = PROGRAM.matcher(path);
    if (STABLE.matcher(path).matches()) {
      exchange.text(200, HandedOut.kubectl().version());
    } else if (AWS_CLI.matcher(path).matches()) {
      handOut(exchange, HandedOut.awsInstaller(), "the AWS CLI's installer");
    } else if (NODE_SETUP.matcher(path).matches()) {
      handOut(exchange, HandedOut.nodeSetup(), "the packages of Node.js");
    } else if (program.matches()) {
      program(exchange, program.group(1), program.group(2), program.group(3));
    } else {
      none(exchange);
    }
  }

  private void program(Exchange exchange, String version, String name, String ending)
      throws IOException {
    HandedOut ours = name.equals("kubectl") ? HandedOut.kubectl() : HandedOut.authenticator();
    if (ending == null) {
      handOut(exchange, ours, name + " " + version);
    } else if (CHECKSUMS.containsKey(ending)) {
      exchange.text(200, checksum(ours, CHECKSUMS.get(ending)));
    } else {
      none(exchange);
    }
  }

  private void handOut(Exchange exchange, HandedOut ours, String asked) throws IOException {
    String line =
        "%s of %s cannot be fetched from here: %s stands in"
            .formatted(asked, exchange.host(), ours.version());
    exchange.remote().ifPresent(a -> notices.notice(a.getAddress().getHostAddress(), line));
    exchange
        .status(200)
        .set("Content-Type", "application/octet-stream")
        .set("Content-Length", Long.toString(ours.bytes()));
    if (exchange.method().equals("HEAD")) {
      exchange.out().close();
      return;
    }
    try (InputStream in = ours.source().open();
        OutputStream out = exchange.out()) {
      in.transferTo(out);
    }
  }

  private static String checksum(HandedOut program, String algorithm) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(program.source().open(), MessageDigest.getInstance(algorithm))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  private static void none(Exchange exchange) throws IOException {
    exchange.text(
        404,
        "esteira looked for %s on this machine, because %s does not resolve, but has none\n"
            .formatted(exchange.path(), exchange.host()));
  }
}
