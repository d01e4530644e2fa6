package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.cli.Endpoints;
import dev.esteira.cli.EsteiraCommand;
import dev.esteira.http.Exchange;
import dev.esteira.http.JettyHttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * Walks through what every start loads, so that the cache of classes holds it: one cache for the
 * house, and a small one for the commands, because all of a cache is loaded at once.
 */
final class Training {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("up", "--json"),
          List.of("env"),
          List.of("status"),
          List.of("project", "list"),
          List.of("project", "show", "training", "--json"),
          List.of("project", "url", "training"),
          List.of("runs", "training", "--json"),
          List.of("logs", "-f", "training"),
          List.of("var", "list", "--project", "training"));

  private Training() {}

  /** {@code house}: what a house loads, else what commands do. Wants an empty ESTEIRA_HOME. */
  static void run(boolean house) {
    Home home = Home.fromEnvironment();
    try {
      if (house) {
        house(home);
      } else {
        commands(home);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A house that starts, answers, and is torn down again; then what it did not come across. */
  private static void house(Home home) throws IOException {
    House house = new House(home, true);
    try {
      house.start(line -> {});
      Endpoints doors = Endpoints.require(home);
      for (String door : List.of(doors.console(), doors.registry(), doors.aws())) {
        knock(door);
      }
    } catch (EsteiraException e) {
      // What was loaded until then is worth keeping.
      System.err.println("the rehearsal ended early: " + e.text());
    } finally {
      house.close();
      Teardown.run(home, line -> {});
    }
    loadAll();
  }

  private static void knock(String door) {
    try (InputStream in = URI.create(door + "/").toURL().openStream()) {
      in.readAllBytes();
    } catch (IOException e) {
      // To be refused is an answer too.
    }
  }

  /** Every class of this program, without running any of it. */
  private static void loadAll() throws IOException {
    ClassLoader loader = Training.class.getClassLoader();
    try (JarFile jar = new JarFile(Libraries.program().toFile())) {
      for (var entry : List.copyOf(jar.stream().toList())) {
        String name = entry.getName();
        if (name.startsWith("dev/esteira/") && name.endsWith(".class")) {
          load(name.substring(0, name.length() - ".class".length()).replace('/', '.'), loader);
        }
      }
    }
  }

  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      // package-info and the like: one class less in the cache.
    }
  }

  private static void answer(Exchange exchange) throws IOException {
    exchange.json(200, Map.of("items", List.of(Map.of("name", "training"))));
  }

  /** Each against a server that knows nothing: answers and failures are the same classes. */
  private static void commands(Home home) throws IOException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (JettyHttpServer server = new JettyHttpServer("training", Training::answer)) {
      int port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Files.writeString(home.endpoints(), Json.write(endpoints("http://127.0.0.1:" + port)));
      Files.writeString(home.adminToken(), "training");
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      System.setOut(nowhere);
      System.setErr(nowhere);
      for (List<String> words : COMMANDS) {
        EsteiraCommand.run(home, new ThisMachine(), words.toArray(String[]::new));
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static Endpoints endpoints(String url) {
    String none = "";
    return new Endpoints(
        House.VERSION,
        none,
        ProcessHandle.current().pid(),
        none,
        none,
        url,
        url,
        url,
        url,
        url,
        none);
  }
}
