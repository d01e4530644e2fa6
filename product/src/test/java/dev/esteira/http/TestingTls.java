package dev.esteira.http;

import dev.esteira.base.Commands;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Self-signed certificates made on demand; clients of any certificate are trusted. */
final class TestingTls {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path directory;
  private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();

  TestingTls(Path directory) {
    this.directory = directory;
  }

  /** The key and the certificate of a name, in one PEM file. */
  Path pem(String name) {
    Path file = directory.resolve(name + ".pem");
    if (Files.notExists(file)) {
      Commands.check(
          List.of(
              "openssl",
              "req",
              "-x509",
              "-newkey",
              "ec",
              "-pkeyopt",
              "ec_paramgen_curve:prime256v1",
              "-nodes",
              "-days",
              "2",
              "-subj",
              "/CN=" + name,
              "-addext",
              "subjectAltName=DNS:" + name,
              "-keyout",
              file.toString(),
              "-out",
              file + ".crt"));
      Commands.check(List.of("sh", "-c", "cat " + file + ".crt >> " + file));
    }
    return file;
  }

  SSLContext context(String name) {
    return contexts.computeIfAbsent(name, this::make);
  }

  private SSLContext make(String name) {
    try {
      Path store = directory.resolve(name + ".p12");
      Commands.check(
          List.of(
              "openssl",
              "pkcs12",
              "-export",
              "-in",
              pem(name).toString(),
              "-out",
              store.toString(),
              "-passout",
              "pass:changeit"));
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD);
      }
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), new TrustManager[] {new TrustAll()}, null);
      return context;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Asks the server on this port under a name, trusting that name's certificate alone. */
  String curl(int port, String name, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "--noproxy",
                "*",
                "--cacert",
                pem(name) + ".crt",
                "--resolve",
                name + ":" + port + ":127.0.0.1"));
    command.addAll(List.of(arguments));
    command.add("https://" + name + ":" + port + "/");
    return Commands.run(Duration.ofSeconds(60), "", command).output();
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
