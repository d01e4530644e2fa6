package dev.esteira.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Unix sockets in deep directories. The kernel takes 107 bytes for a socket's path (unix(7)), but
 * not for where a link in it leads: a longer one is reached through a short link to its directory.
 */
public final class SocketPaths {
  private static final int BYTES_MAX = 107;
  private static final Path LINKS = Path.of("/run/esteira-doors");

  private SocketPaths() {}

  /** A path of the same socket that the kernel takes; makes the link if one is needed. */
  public static Path reachable(Path socket) {
    if (isShort(socket)) {
      return socket;
    }
    Path directory = directory(socket);
    Path link = link(socket);
    try {
      Files.createDirectories(LINKS);
      if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(directory)) {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, directory);
      }
      return link.resolve(name(socket));
    } catch (IOException e) {
      throw EsteiraException.internal(
          "could not make " + link + " for the socket " + socket + ", whose path is over 107 bytes",
          e);
    }
  }

  /** Removes the link, if one was needed. */
  public static void forget(Path socket) {
    if (isShort(socket)) {
      return;
    }
    try {
      Files.deleteIfExists(link(socket));
    } catch (IOException e) {
      throw EsteiraException.internal("could not remove " + link(socket), e);
    }
  }

  private static boolean isShort(Path socket) {
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
  }

  private static Path link(Path socket) {
    byte[] directory = directory(socket).toString().getBytes(StandardCharsets.UTF_8);
    return LINKS.resolve(Digest.of(directory).hex().substring(0, 16));
  }

  private static Path directory(Path socket) {
    Path parent = socket.getParent();
    if (parent == null) {
      throw EsteiraException.invalid("the socket path " + socket + " has no directory");
    }
    return parent;
  }

  private static Path name(Path socket) {
    return directory(socket).relativize(socket);
  }
}
