package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Commands;
import dev.esteira.base.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An installed AWS command line, unmodified. It is a program in Python, most of whose time goes
 * into importing itself; so one process of its interpreter imports it and forks for each call,
 * which makes a call three times as fast. It ends with the tests, whose end closes its input.
 */
final class AwsClient {
  private static final Map<String, AwsClient> CLIENTS = new ConcurrentHashMap<>();

  private final BufferedWriter calls;
  private final BufferedReader answers;

  private AwsClient(String program) throws IOException {
    Path script = Files.createTempFile("aws-client", ".py");
    script.toFile().deleteOnExit();
    try (InputStream source = AwsClient.class.getResourceAsStream("client.py")) {
      Files.write(script, Objects.requireNonNull(source).readAllBytes());
    }
    Process process =
        new ProcessBuilder(interpreter(program), script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    calls = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static AwsClient of(String program) {
    return CLIENTS.computeIfAbsent(
        program,
        name -> {
          try {
            return new AwsClient(name);
          } catch (IOException e) {
            throw new UncheckedIOException("could not start " + name, e);
          }
        });
  }

  /** The one that the program's first line names. */
  private static String interpreter(String program) throws IOException {
    String first = Files.readAllLines(Path.of(program)).getFirst();
    if (!first.startsWith("#!/") || !first.contains("python")) {
      throw new IOException(program + " is no program in Python: " + first);
    }
    return first.substring(2).strip();
  }

  synchronized Commands.Result run(
      Map<String, String> environment, List<String> arguments, String input) {
    ObjectNode call = Json.object().put("input", input);
    environment.forEach(call.putObject("environment")::put);
    arguments.forEach(call.putArray("arguments")::add);
    try {
      calls.write(call.toString());
      calls.newLine();
      calls.flush();
      JsonNode answer = Json.parse(Objects.requireNonNull(answers.readLine(), "it ended"));
      return new Commands.Result(answer.path("exitCode").asInt(), answer.path("output").asText());
    } catch (IOException e) {
      throw new UncheckedIOException("lost the AWS command line", e);
    }
  }
}
