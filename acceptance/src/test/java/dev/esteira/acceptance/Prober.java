package dev.esteira.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program inside an instance, a job or a pod that opens sockets as it is told, a line of JSON at
 * a time; it listens, too. One connection lasts through a whole test: an instance's shell, or one
 * from the host, which reaches jobs and pods.
 */
final class Prober implements AutoCloseable {
  /** The ports on which each listens. */
  static final List<Integer> TCP = List.of(8080, 8443, 5432);

  static final int UDP = 5353;
  private static final int DOOR = 9099;
  private static final Path AGENT =
      TestHouse.ROOT.resolve("product/src/test/resources/dev/esteira/net/vpc/agent.py");
  private static final int TRIES_MAX = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One attempt: {@code get} for doors that speak HTTP, else {@code connect}. */
  record Attempt(String verb, String protocol, String host, int port) {}

  private final AutoCloseable connection;
  private final BufferedReader in;
  private final Writer out;

  private Prober(AutoCloseable connection, BufferedReader in, Writer out) throws IOException {
    this.connection = connection;
    this.in = in;
    this.out = out;
    ArrayNode listens = JSON.createArrayNode();
    TCP.forEach(
        port -> listens.addObject().put("do", "listen").put("port", port).put("proto", "tcp"));
    listens.addObject().put("do", "listen").put("port", UDP).put("proto", "udp");
    ask(listens);
  }

  static String agent() {
    try {
      return Files.readString(AGENT);
    } catch (IOException e) {
      throw new AssertionError("no agent", e);
    }
  }

  /** By a command that may be followed by words to run, such as an instance's shell. */
  static Prober through(Shell shell, List<String> command) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("python3", "-u", "-c", agent()));
    Process process = shell.start(whole);
    try {
      return new Prober(process::destroyForcibly, process.inputReader(), process.outputWriter());
    } catch (IOException e) {
      process.destroyForcibly();
      throw new AssertionError("no prober by " + command, e);
    }
  }

  /** Python that waits for {@link #at}, then does as the agent, which it finds in AGENT. */
  static String server() {
    return """
    import os, socket
    door, _ = socket.create_server(('', %d)).accept()
    os.dup2(door.fileno(), 0)
    os.dup2(door.fileno(), 1)
    exec(os.environ['AGENT'])
    """
        .formatted(DOOR);
  }

  /** In a job or a pod that runs {@link #server}. */
  static Prober at(String address) throws InterruptedException {
    IOException last = new IOException("never tried");
    for (int i = 0; i < TRIES_MAX; i++) {
      try {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address, DOOR), 2_000);
        return new Prober(
            socket,
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)),
            new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        last = e;
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new AssertionError("nobody answers at " + address, last);
  }

  private JsonNode ask(JsonNode question) throws IOException {
    out.write(JSON.writeValueAsString(question) + "\n");
    out.flush();
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the prober has ended");
    }
    return JSON.readTree(line);
  }

  /** What came of each, all tried at once: {@code from ADDRESS}, pong, timeout, refused, a page. */
  synchronized List<String> attempt(List<Attempt> attempts) {
    ArrayNode question = JSON.createArrayNode();
    for (Attempt each : attempts) {
      var one = question.addObject().put("do", each.verb());
      one.put("host", each.host()).put("port", each.port());
      if (each.verb().equals("connect")) {
        one.put("proto", each.protocol());
      }
    }
    try {
      List<String> answers = new ArrayList<>();
      ask(question).forEach(answer -> answers.add(answer.asText()));
      return answers;
    } catch (IOException e) {
      throw new AssertionError("could not ask " + attempts, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
