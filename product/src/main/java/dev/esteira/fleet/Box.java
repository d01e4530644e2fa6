package dev.esteira.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.EngineHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The container of an instance, and those that the instance has started. */
final class Box {
  static final String LABEL = "dev.esteira.instance";
  private static final String CHILD_LABEL = "dev.esteira.owner";
  private static final String SHUTDOWN_FILE = "/var/lib/esteira/shutdown";
  private static final int PROCESSES_MAX = 4_096;
  private static final int INIT_GRACE_SECONDS = 20;
  private static final int CHILD_GRACE_SECONDS = 5;
  private static final int WORD_BYTES_MAX = 64;
  static final int CONSOLE_BYTES_MAX = 64 << 10;

  private final Ground ground;
  private final Engine engine;
  private final String id;

  Box(Ground ground, String id) {
    this.ground = ground;
    this.engine = ground.engine();
    this.id = id;
  }

  /** The container's name in the engine. */
  String name() {
    return "est-" + ground.home().id() + "-" + id;
  }

  Path directory() {
    return ground.home().door("instance-" + id);
  }

  Optional<JsonNode> inspect() {
    return engine.inspectContainer(name());
  }

  static boolean runs(JsonNode container) {
    return container.path("State").path("Running").asBoolean();
  }

  static long pid(JsonNode container) {
    return container.path("State").path("Pid").asLong();
  }

  /** The root file system as the host sees it while the instance runs. */
  static Optional<Path> root(JsonNode container) {
    String merged = container.path("GraphDriver").path("Data").path("MergedDir").asText("");
    return merged.isEmpty() ? Optional.empty() : Optional.of(Path.of(merged));
  }

  /** Makes the container, or finds it; returns it as the engine inspects it. */
  JsonNode make(Life life, String engineImage) {
    Optional<JsonNode> found = inspect();
    if (found.isEmpty()) {
      engine.createContainer(name(), config(life, engineImage));
      found = inspect();
    }
    return found.orElseThrow(() -> gone("made"));
  }

  void start() {
    engine.startContainer(name());
  }

  JsonNode running() {
    return inspect().filter(Box::runs).orElseThrow(() -> gone("started"));
  }

  private EsteiraException gone(String what) {
    return EsteiraException.unavailable(
        "the container " + name() + " was " + what + ", but is gone or has ended", null);
  }

  private ObjectNode config(Life life, String image) {
    InstanceTypes.Type type =
        InstanceTypes.find(life.template().instanceType())
            .orElseThrow(() ->
                EsteiraException.invalid(
                    "there is no instance type '" + life.template().instanceType() + "'"));
    ObjectNode config = Json.object().put("Image", image);
    config.put("Hostname", HostNames.host(life)).put("Tty", true).put("OpenStdin", false);
    config.put("StopSignal", "SIGRTMIN+3").put("StopTimeout", INIT_GRACE_SECONDS);
    config.putObject("Labels").put(LABEL, id);
    ObjectNode host = config.putObject("HostConfig");
    host.put("NetworkMode", "none").put("PidsLimit", PROCESSES_MAX);
    host.put("Memory", (long) type.memoryMib() << 20)
        .put("MemorySwap", (long) type.memoryMib() << 20);
    host.put("CgroupParent", EngineHost.cgroupParent(ground.home()) + "/" + id);
    host.putArray("Dns").add(ground.nameServer());
    host.putObject("Tmpfs").put("/run", "").put("/run/lock", "");
    host.putArray("Binds")
        .add("/sys/fs/cgroup:/sys/fs/cgroup:ro")
        .add(directory() + ":/run/esteira:ro");
    host.putObject("LogConfig")
        .put("Type", "json-file")
        .putObject("Config")
        .put("max-size", "1m")
        .put("max-file", "1");
    return config;
  }

  /** Ends init in order; what does not end in time is killed. */
  void halt() {
    engine.stopContainer(name(), INIT_GRACE_SECONDS);
  }

  void remove() {
    engine.removeContainer(name());
  }

  /** The containers that the instance has started, as the engine lists them. */
  List<JsonNode> children() {
    return engine.containers(Map.of(CHILD_LABEL, Life.holder(id)));
  }

  /** Ends all that the instance has started; they stay, to be started again. */
  void haltChildren() {
    List<Thread> ends =
        children().stream()
            .filter(child -> child.path("State").asText().equals("running"))
            .map(child -> child.path("Id").asText())
            .map(child ->
                Thread.ofVirtual().start(() -> engine.stopContainer(child, CHILD_GRACE_SECONDS)))
            .toList();
    try {
      for (Thread end : ends) {
        end.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while ending containers of " + id, e);
    }
  }

  /** How init said that it would end, if it ended in order. */
  LifeEvent.End howItEnded(int exitCode) {
    if (exitCode != 0) {
      return LifeEvent.End.CRASH;
    }
    return switch (word().orElse("")) {
      case "reboot", "kexec" -> LifeEvent.End.REBOOT;
      case "halt", "poweroff" -> LifeEvent.End.POWEROFF;
      default -> LifeEvent.End.CRASH;
    };
  }

  private Optional<String> word() {
    String path = "/containers/" + name() + "/archive?path=" + SHUTDOWN_FILE;
    try (Engine.Answer answer = engine.send("GET", path, List.of(), InputStream.nullInputStream());
        TarArchiveInputStream tar = new TarArchiveInputStream(answer.in())) {
      if (answer.status() != 200 || tar.getNextEntry() == null) {
        return Optional.empty();
      }
      return Optional.of(
          new String(tar.readNBytes(WORD_BYTES_MAX), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not read " + SHUTDOWN_FILE + " of " + id, e);
    }
  }

  /** The last of what it wrote to its console. */
  byte[] console() {
    String path = "/containers/" + name() + "/logs?stdout=1&stderr=1&tail=2000";
    try (Engine.Answer answer =
        engine.send("GET", path, List.of(), InputStream.nullInputStream())) {
      if (answer.status() != 200) {
        return new byte[0];
      }
      byte[] all = answer.in().readNBytes(CONSOLE_BYTES_MAX * 16);
      int from = Math.max(0, all.length - CONSOLE_BYTES_MAX);
      return java.util.Arrays.copyOfRange(all, from, all.length);
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not read the console of " + id, e);
    }
  }
}
