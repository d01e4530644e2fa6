package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.net.Networks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** Waits until a service's port takes connections (GitLab CI/CD, how the health check works). */
final class ServiceWait {
  private static final long WAIT_MILLIS_MAX = 30_000;
  private static final int CONNECT_MILLIS_MAX = 1_000;
  private static final long PAUSE_MILLIS = 50;
  private static final int LOG_LINES_MAX = 40;
  private static final String PORT_VARIABLE = "HEALTHCHECK_TCP_PORT";

  private final Parts parts;
  private final Networks.Bridge bridge;
  private final String container;
  private final String name;

  ServiceWait(Parts parts, Networks.Bridge bridge, String container, String name) {
    this.parts = parts;
    this.bridge = bridge;
    this.container = container;
    this.name = name;
  }

  /** The port that is waited for: the one that a variable names, else the image's lowest. */
  static Optional<Integer> port(JsonNode image, Map<String, String> variables) {
    String named = variables.getOrDefault(PORT_VARIABLE, "");
    if (named.matches("[0-9]{1,5}")) {
      return Optional.of(Integer.parseInt(named));
    }
    OptionalInt lowest =
        StreamSupport.stream(
                ((Iterable<String>) () -> image.path("Config").path("ExposedPorts").fieldNames())
                    .spliterator(),
                false)
            .filter(port -> port.matches("[0-9]{1,5}(/tcp)?"))
            .mapToInt(port -> Integer.parseInt(port.replace("/tcp", "")))
            .min();
    return lowest.isPresent() ? Optional.of(lowest.getAsInt()) : Optional.empty();
  }

  /** Returns what the log says of it, a warning when it does not answer. */
  List<String> until(int port) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS_MAX);
    while (System.nanoTime() < end) {
      Optional<JsonNode> state = parts.engine().inspectContainer(container);
      boolean runs = state.map(c -> c.at("/State/Running").asBoolean()).orElse(false);
      if (!runs) {
        String code = state.map(c -> c.at("/State/ExitCode").asText()).orElse("unknown");
        return warning("the container ended with code " + code);
      }
      String address =
          state
              .map(c -> c.at("/NetworkSettings/Networks/" + bridge.network() + "/IPAddress"))
              .map(JsonNode::asText)
              .orElse("");
      if (!address.isEmpty() && answers(address, port)) {
        return List.of("Service " + name + " answers on port " + port);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return warning(
        "port "
            + port
            + " took no connection within "
            + TimeUnit.MILLISECONDS.toSeconds(WAIT_MILLIS_MAX)
            + " s");
  }

  private static boolean answers(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS_MAX);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> warning(String why) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add("*** WARNING: Service " + name + " probably didn't start properly.");
    lines.add("Health check error: " + why);
    lines.add("Service container logs:");
    lines.addAll(Beginning.lines(parts.engine(), container, LOG_LINES_MAX));
    lines.add("*********");
    return lines;
  }
}
