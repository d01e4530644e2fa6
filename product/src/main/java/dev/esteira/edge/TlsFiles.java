package dev.esteira.edge;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.edge.ListenerTables.ListenerRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the doors for encryption, by path, as a start of HAProxy needs them; changes at run
 * time use the same names.
 *
 * <pre>
 * HOME/haproxy/door-N.pem    what the door shows to clients that ask for no name that it knows
 * HOME/haproxy/door-N.list   the door's certificates: the one above, then those by name
 * HOME/haproxy/cert-H.pem    a certificate for its names; H is its digest
 * </pre>
 */
record TlsFiles(HaproxyFiles files, State state) {
  /** A command of the runtime API has to fit into one buffer of 16 KiB. */
  static final int PEM_BYTES_MAX = 15_000;

  static String checkedPem(String name, String pem) {
    if (pem.getBytes(StandardCharsets.UTF_8).length > PEM_BYTES_MAX) {
      throw EsteiraException.limit(
          "the certificate '%s' with its chain and key is longer than %d bytes"
              .formatted(name, PEM_BYTES_MAX));
    }
    return pem.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> a + b + "\n");
  }

  String main(ListenerRow row) {
    return pem(row.listener().certificates().getFirst());
  }

  /** The certificates by name of a door: path to text. */
  Map<Path, String> named(ListenerRow row) {
    Map<Path, String> named = new LinkedHashMap<>();
    List<String> certificates = row.listener().certificates();
    for (String name : certificates.subList(1, certificates.size())) {
      String pem = pem(name);
      named.put(files.certificate(hash(pem)), pem);
    }
    return named;
  }

  private String pem(String name) {
    ListenerTables.Certificate certificate = state.certificates().get(name);
    if (certificate == null) {
      throw EsteiraException.internal("the certificate '" + name + "' is gone", null);
    }
    return certificate.pem();
  }

  private static String hash(String pem) {
    return Digest.of(pem.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 24);
  }

  /** Everything, for a start; doors without a listener get the certificate of nobody. */
  Map<Path, String> all(String nobodysPem) {
    Map<Path, String> all = new LinkedHashMap<>();
    for (int door = 0; door < TlsDoors.COUNT; door++) {
      Optional<ListenerRow> row = at(door);
      all.put(files.door(door), row.map(this::main).orElse(nobodysPem));
      StringBuilder list = new StringBuilder(files.door(door) + "\n");
      row.ifPresent(each ->
          named(each)
              .forEach((path, pem) -> {
                all.put(path, pem);
                list.append(path).append('\n');
              }));
      all.put(files.doorList(door), list.toString());
    }
    return all;
  }

  private Optional<ListenerRow> at(int door) {
    return state.listeners().stream().filter(row -> row.door() == door).findFirst();
  }
}
