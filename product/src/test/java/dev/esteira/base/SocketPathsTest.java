package dev.esteira.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System: the links lie under /run, which only root may write. */
@Tag("system")
class SocketPathsTest {
  @TempDir Path directory;

  @Test
  void aShortPathStaysAsItIs() {
    Path socket = Path.of("/tmp/docker.sock");
    assertEquals(socket, SocketPaths.reachable(socket));
  }

  @Test
  void aSocketInADeepDirectoryIsBoundAndReached() throws IOException {
    Path deep = Files.createDirectories(directory.resolve("d".repeat(90)).resolve("e".repeat(90)));
    Path socket = deep.resolve("docker.sock");
    Path reachable = SocketPaths.reachable(socket);

    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(reachable));
      try (SocketChannel client =
          SocketChannel.open(UnixDomainSocketAddress.of(SocketPaths.reachable(socket)))) {
        assertTrue(client.isConnected() && Files.exists(socket));
      }
    }

    SocketPaths.forget(socket);
    assertFalse(Files.exists(reachable));
  }
}
