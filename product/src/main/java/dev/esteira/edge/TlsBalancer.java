package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.ListenerTables.ListenerRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Brings the certificates of a running HAProxy to what is wanted (management guide 2.6: set, commit
 * and new ssl cert, add ssl crt-list). Connections that are open keep theirs. Callers take turns.
 */
final class TlsBalancer {
  private final HaproxyFiles files;
  private final HaproxySocket socket;

  TlsBalancer(HaproxyFiles files, HaproxySocket socket) {
    this.files = files;
    this.socket = socket;
  }

  void put(State state) throws IOException {
    TlsFiles wanted = new TlsFiles(files, state);
    Set<String> used = new HashSet<>();
    boolean any = false;
    for (ListenerRow row : state.listeners()) {
      if (row.door() >= 0) {
        any = true;
        putMain(files.door(row.door()), wanted.main(row));
        Map<Path, String> named = wanted.named(row);
        putNamed(row.door(), named);
        named.keySet().forEach(path -> used.add(path.toString()));
      }
    }
    if (any) {
      forget(used);
    }
  }

  private void putMain(Path file, String pem) throws IOException {
    if (!socket.run("show ssl cert " + file).contains(fingerprint(pem))) {
      store(file, pem);
    }
  }

  private void store(Path file, String pem) throws IOException {
    String answer = socket.run("set ssl cert " + file + " <<\n" + pem);
    if (!answer.contains("ransaction")) {
      throw refused(file, answer);
    }
    answer = socket.run("commit ssl cert " + file);
    if (!answer.contains("Success")) {
      socket.run("abort ssl cert " + file);
      throw refused(file, answer);
    }
  }

  private static EsteiraException refused(Path file, String answer) {
    return EsteiraException.invalid(
        "HAProxy did not take the certificate for %s: %s".formatted(file, answer.strip()));
  }

  private void putNamed(int door, Map<Path, String> named) throws IOException {
    Path list = files.doorList(door);
    Set<String> present = new HashSet<>();
    socket
        .run("show ssl crt-list " + list)
        .lines()
        .map(line -> line.split(" ", 2)[0])
        .filter(file -> file.contains("/cert-"))
        .forEach(present::add);
    for (Map.Entry<Path, String> each : named.entrySet()) {
      if (!present.remove(each.getKey().toString())) {
        // It may be there for another door already.
        if (socket.run("new ssl cert " + each.getKey()).contains("New empty")) {
          store(each.getKey(), each.getValue());
        }
        String answer = socket.run("add ssl crt-list " + list + " " + each.getKey());
        if (!answer.contains("Success")) {
          throw refused(each.getKey(), answer);
        }
      }
    }
    for (String old : present) {
      socket.run("del ssl crt-list " + list + " " + old);
    }
  }

  /** Certificates that no door has any more. One that is still in use is refused, and stays. */
  private void forget(Set<String> used) throws IOException {
    for (String file : socket.run("show ssl cert").lines().toList()) {
      if (file.contains("/cert-") && !used.contains(file)) {
        socket.run("del ssl cert " + file);
      }
    }
  }

  /** As HAProxy shows it: SHA-1 of the first certificate. */
  private static String fingerprint(String pem) {
    try {
      byte[] encoded =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
              .getEncoded();
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(encoded);
      return HexFormat.of().formatHex(hash).toUpperCase(Locale.ROOT);
    } catch (GeneralSecurityException e) {
      throw EsteiraException.invalid("not a certificate: " + e.getMessage());
    }
  }
}
