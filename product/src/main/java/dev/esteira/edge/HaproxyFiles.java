package dev.esteira.edge;

import dev.esteira.base.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where HAProxy's files are.
 *
 * <pre>
 * HOME/haproxy/haproxy.cfg         written anew before each start
 * HOME/haproxy/http.map, tcp.map … as of the start; see MapName
 * HOME/haproxy/route.lua           evaluates the rules of listeners
 * HOME/haproxy/door-N.pem …        see TlsFiles
 * HOME/haproxy/pid
 * RUN/haproxy.sock                 HOME/haproxy, or /run/esteira-ID if that is too long
 * </pre>
 */
record HaproxyFiles(Path directory, Path socket) {
  /** The kernel takes 107 bytes (unix(7)); HAProxy binds a longer name first and renames it. */
  private static final int SOCKET_BYTES_MAX = 85;

  static HaproxyFiles of(Home home) {
    Path directory = home.haproxy();
    Path socket = directory.resolve("haproxy.sock");
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_BYTES_MAX) {
      socket = Path.of("/run", "esteira-" + home.id(), "haproxy.sock");
    }
    try {
      Files.createDirectories(socket.resolveSibling(""));
    } catch (IOException e) {
      throw new UncheckedIOException("could not make the directory of " + socket, e);
    }
    return new HaproxyFiles(directory, socket);
  }

  Path config() {
    return directory.resolve("haproxy.cfg");
  }

  Path map(Edge.Mode mode) {
    return map(MapName.of(mode));
  }

  Path map(MapName name) {
    return directory.resolve(name.name().toLowerCase(Locale.ROOT) + ".map");
  }

  Path script() {
    return directory.resolve("route.lua");
  }

  Path door(int number) {
    return directory.resolve("door-" + number + ".pem");
  }

  Path doorList(int number) {
    return directory.resolve("door-" + number + ".list");
  }

  Path certificate(String hash) {
    return directory.resolve("cert-" + hash + ".pem");
  }

  Path pid() {
    return directory.resolve("pid");
  }

  /**
   * The directory outside the home, unless there is none or something else of the home is in it.
   */
  void deleteShortDirectory() throws IOException {
    Path parent = socket.resolveSibling("");
    if (!parent.equals(directory.resolve(""))) {
      try {
        Files.deleteIfExists(parent);
      } catch (DirectoryNotEmptyException e) {
        // The engine's sockets are there too; whoever goes last deletes it.
      }
    }
  }
}
