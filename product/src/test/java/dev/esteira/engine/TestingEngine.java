package dev.esteira.engine;

import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The engine of a home in a temporary directory, running; nothing remains when it is closed. */
public final class TestingEngine implements AutoCloseable {
  /** Debian's client. */
  public static final String DOCKER = "/usr/bin/docker";

  private static final Duration REMOVAL_LIMIT = Duration.ofMinutes(10);

  public final Path directory;
  public final EngineHost host;
  public final DockerEngine engine;

  /** {@code net} is the half of an address, as 10.123, that no other class of tests takes. */
  public TestingEngine(String net) throws IOException {
    directory = Files.createTempDirectory("est");
    Home home = new Home(directory.resolve("home"));
    host = new EngineHost(home, addresses(home, net, List.of()));
    host.start();
    engine = new DockerEngine(host.socket());
  }

  /**
   * The networks of a home's daemons, which no other home has; see {@link EngineHost.Addresses}.
   */
  public static EngineHost.Addresses addresses(
      Home home, String net, List<String> plainRegistries) {
    String prefix = net + "." + Integer.parseInt(home.id().substring(0, 2), 16);
    return new EngineHost.Addresses(prefix + ".1/25", prefix + ".128/25", plainRegistries);
  }

  /** What Debian's client says with the classic builder; it must succeed. */
  public String docker(Duration limit, String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "DOCKER_BUILDKIT=0", "DOCKER_HOST=unix://" + host.socket()));
    command.add(DOCKER);
    command.addAll(List.of(arguments));
    return Commands.check(limit, input, command);
  }

  @Override
  public void close() {
    engine.close();
    host.stop();
    Commands.check(REMOVAL_LIMIT, "", List.of("rm", "-rf", directory.toString()));
  }
}
