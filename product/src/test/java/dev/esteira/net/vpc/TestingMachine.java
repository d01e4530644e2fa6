package dev.esteira.net.vpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Commands;
import dev.esteira.base.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A process in a network namespace of its own that opens sockets as it is told. */
final class TestingMachine implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  /** In a namespace of its own, or in the host's. */
  TestingMachine(Path directory, boolean own) {
    try {
      Path agent = directory.resolve("agent.py");
      if (!Files.exists(agent)) {
        try (InputStream script = TestingMachine.class.getResourceAsStream("agent.py")) {
          Files.copy(java.util.Objects.requireNonNull(script), agent);
        }
      }
      List<String> command = new ArrayList<>(own ? List.of("unshare", "-n") : List.of());
      command.addAll(List.of("python3", "-u", agent.toString()));
      this.process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      this.in = process.outputWriter(StandardCharsets.UTF_8);
      this.out = process.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Once it answers, it is in its namespace.
    ask(_ -> {});
  }

  long pid() {
    return process.pid();
  }

  private List<String> ask(Consumer<ArrayNode> question) {
    ArrayNode asked = Json.array();
    question.accept(asked);
    try {
      in.write(Json.write(asked) + "\n");
      in.flush();
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("the machine ended");
      }
      List<String> answers = new ArrayList<>();
      Json.parse(line).forEach(answer -> answers.add(answer.asText()));
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String one(String verb, Consumer<ObjectNode> arguments) {
    return ask(all -> arguments.accept(all.addObject().put("do", verb))).getFirst();
  }

  TestingMachine listen(String protocol, int... ports) {
    return listenAt("0.0.0.0", protocol, ports);
  }

  /** At one address: another house of this machine may have the same port at its own. */
  TestingMachine listenAt(String address, String protocol, int... ports) {
    for (int port : ports) {
      one("listen", o -> o.put("port", port).put("proto", protocol).put("host", address));
    }
    return this;
  }

  /** What came back: {@code from ADDRESS}, pong, timeout, refused, or another error's words. */
  String connect(String protocol, String host, int port) {
    return one("connect", o -> o.put("host", host).put("port", port).put("proto", protocol));
  }

  String tcp(String host, int port) {
    return connect("tcp", host, port);
  }

  /** One attempt of several at once. */
  record Attempt(String protocol, String host, int port, int source) {}

  List<String> connect(List<Attempt> attempts) {
    return ask(all ->
        attempts.forEach(a ->
            all.addObject()
                .put("do", "connect")
                .put("host", a.host())
                .put("port", a.port())
                .put("proto", a.protocol())
                .put("source", a.source())));
  }

  /** Keeps the connection under a name. */
  String keep(String name, String host, int port) {
    return one("connect", o -> o.put("host", host).put("port", port).put("keep", name));
  }

  /** Says something on a kept connection; {@code more} when it still carries. */
  String sayOn(String name) {
    return one("on", o -> o.put("keep", name));
  }

  String get(String host, int port) {
    return one("get", o -> o.put("host", host).put("port", port));
  }

  void sendAs(String source, String host, int port) {
    one("as", o -> o.put("source", source).put("host", host).put("port", port));
  }

  String run(String... command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(pid()), "-n"));
    all.addAll(List.of(command));
    return Commands.check(all);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
