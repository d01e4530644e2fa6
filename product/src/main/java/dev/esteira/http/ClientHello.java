package dev.esteira.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the server name out of the first bytes of TLS (RFC 8446, 4.1.2; RFC 6066, 3). */
final class ClientHello {
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_NAME = 0;
  private static final int RECORD_HEAD_BYTES = 5;

  private ClientHello() {}

  /**
   * The name asked for: empty text when none was, nothing while bytes are missing. Bytes that are
   * no client hello count as asking for none; the handshake then fails in its own words.
   */
  static Optional<String> serverName(ByteBuffer received) {
    ByteBuffer bytes = received.slice();
    if (!bytes.hasRemaining()) {
      return Optional.empty();
    }
    if (bytes.get(0) != HANDSHAKE) {
      return Optional.of("");
    }
    ByteBuffer message = ByteBuffer.allocate(bytes.remaining());
    while (bytes.remaining() >= RECORD_HEAD_BYTES && bytes.get(bytes.position()) == HANDSHAKE) {
      bytes.position(bytes.position() + 3);
      int length = Math.min(bytes.getShort() & 0xFFFF, bytes.remaining());
      message.put(bytes.slice().limit(length));
      bytes.position(bytes.position() + length);
    }
    message.flip();
    if (message.remaining() < 4) {
      return Optional.empty();
    }
    int head = message.getInt();
    if (head >>> 24 != CLIENT_HELLO) {
      return Optional.of("");
    }
    if (message.remaining() < (head & 0xFFFFFF)) {
      return Optional.empty();
    }
    try {
      return Optional.of(inHello(message));
    } catch (RuntimeException e) {
      // Lengths that lie: the TLS engine will refuse them with the right alert.
      return Optional.of("");
    }
  }

  private static String inHello(ByteBuffer hello) {
    skip(hello, 2 + 32);
    skip(hello, hello.get() & 0xFF);
    skip(hello, hello.getShort() & 0xFFFF);
    skip(hello, hello.get() & 0xFF);
    if (!hello.hasRemaining()) {
      return "";
    }
    skip(hello, 2);
    while (hello.remaining() >= 4) {
      int type = hello.getShort() & 0xFFFF;
      int length = hello.getShort() & 0xFFFF;
      if (type == SERVER_NAME && length > 5) {
        skip(hello, 3);
        byte[] name = new byte[hello.getShort() & 0xFFFF];
        hello.get(name);
        return new String(name, StandardCharsets.US_ASCII);
      }
      skip(hello, length);
    }
    return "";
  }

  private static void skip(ByteBuffer bytes, int count) {
    bytes.position(bytes.position() + count);
  }
}
