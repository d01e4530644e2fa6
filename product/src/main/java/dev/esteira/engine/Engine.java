package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client of one container engine (Docker Engine API over a unix socket). Thread-safe; each call
 * has a connection of its own or a pooled one. Failures are {@link
 * dev.esteira.base.EsteiraException} that say what was asked of the engine and what it answered:
 * 404 is NOT_FOUND, 409 CONFLICT, 400 INVALID, no connection UNAVAILABLE.
 */
public interface Engine {
  /** An answer whose body is still to be read. Closing it ends the connection unless read whole. */
  interface Answer extends AutoCloseable {
    int status();

    List<Map.Entry<String, String>> headers();

    Optional<String> header(String name);

    InputStream in();

    @Override
    void close();
  }

  /** A connection that the engine handed over (attach, exec): raw bytes both ways. */
  interface Hijacked extends AutoCloseable {
    int status();

    List<Map.Entry<String, String>> headers();

    InputStream in();

    OutputStream out();

    void closeOutput() throws IOException;

    @Override
    void close();
  }

  /** What a container's end left. */
  record Exit(int code, String error) {}

  // --- raw door, for the engine proxy ---

  /** Sends a request as it is; {@code path} with query, without API version. Any status returns. */
  Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, InputStream body);

  /** The same for calls that take over the connection. */
  Hijacked hijack(String method, String path, List<Map.Entry<String, String>> headers, byte[] body);

  // --- calls that the house needs; JSON bodies are the Engine API's own ---

  JsonNode version();

  JsonNode info();

  /** Makes a container of that name, or finds the one there is; returns its id. */
  String createContainer(String name, JsonNode config);

  /** Starts it; one that runs already is left alone. */
  void startContainer(String id);

  /** Asks it to stop, kills it after the grace; one that is gone or stopped is fine. */
  void stopContainer(String id, int graceSeconds);

  /** Removes it by force, with its anonymous volumes; one that is gone is fine. */
  void removeContainer(String id);

  Optional<JsonNode> inspectContainer(String id);

  /** Containers, running or not, that carry all these labels. */
  List<JsonNode> containers(Map<String, String> labels);

  /**
   * Waits for the end of a container that was started, however long that takes and through restarts
   * of the engine. {@code NOT_FOUND} when it is removed.
   */
  Exit waitContainer(String id) throws InterruptedException;

  /**
   * Runs a command inside and waits; what is beyond 64 KiB of output is dropped. One that does not
   * end in time is killed and throws {@code LIMIT}.
   */
  ExecResult exec(String id, List<String> command, int limitSeconds);

  /** Output of an exec, standard output and error together. */
  record ExecResult(int exitCode, String output) {}

  /**
   * Streams log lines until the container ends or the returned handle is closed, through restarts
   * of the engine, none lost and none twice. {@code sinceSeconds} 0 means from the beginning. The
   * sink is called by one thread; {@link LogSink#end} comes once, last, also after a close.
   */
  AutoCloseable logs(String id, boolean follow, long sinceSeconds, LogSink sink);

  /** Receives log lines of a container; {@code stream} 1 is standard output, 2 standard error. */
  interface LogSink {
    void line(int stream, String timestamp, byte[] text);

    void end();
  }

  Optional<JsonNode> inspectImage(String reference);

  void tagImage(String id, String repository, String tag);

  void removeImage(String reference);

  /** Loads a docker-save tar; returns the ids or names it announced. */
  List<String> loadImage(InputStream tar);

  /** Imports a root file system tar as an image with this config change list; returns its id. */
  String importImage(InputStream tar, String repository, String tag, List<String> changes);

  /** Pulls with these credentials; progress lines go to the consumer. Throws when it fails. */
  void pull(
      String image, Optional<String> user, Optional<String> password, Consumer<String> progress);

  /** Builds from a context tar; returns the image id; progress is the build's output. */
  String build(InputStream contextTar, Map<String, String> query, Consumer<String> progress);

  /** Makes a bridge network of that name with that subnet and gateway, or finds it. */
  String createNetwork(String name, String bridge, String subnet, String gateway);

  void removeNetwork(String name);

  /**
   * Follows engine events (containers' start, die, oom …) until closed; reconnects by itself. An
   * engine that was killed has no events of the time it was away, so after each reconnection the
   * sink gets {@code {"Type":"daemon","Action":"reconnected"}} and should look at what runs. The
   * sink is called by one thread, in order.
   */
  AutoCloseable events(Consumer<JsonNode> sink);
}
