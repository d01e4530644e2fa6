package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.Networks;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The containers beside a job, on its bridge, each under its names. They get what any container of
 * a job gets: no rights on the host, limits, the house's names; and they go with the job.
 */
final class Services {
  static final int SERVICES_MAX = 20;
  private static final String OUTPUT_MAX = "4m";
  private static final long PROCESSES_MAX = 4_096;

  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final JobEnvironment environment;
  private final Attempt attempt;
  private final JobImages images;
  private final ControlDirectory control;

  Services(
      Parts parts,
      RunnerSettings settings,
      JobRunner.Assignment assignment,
      JobEnvironment environment) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    this.environment = environment;
    this.attempt = Attempt.of(assignment);
    this.control = attempt.control(parts.home());
    this.images = new JobImages(parts, assignment, control);
  }

  /** Removes the services of an attempt; none is fine. */
  static void remove(Parts parts, Attempt attempt) {
    Map<String, String> labels =
        Map.of("esteira.home", parts.home().id(), "esteira.service", attempt.key());
    parts
        .engine()
        .containers(labels)
        .forEach(c -> parts.engine().removeContainer(c.path("Id").asText()));
  }

  /** Starts all and waits until they answer, or until that has taken too long. */
  void start(Networks.Bridge bridge) throws InterruptedException {
    List<Setting.ServiceContainer> wanted =
        assignment.job().setting().services().stream()
            .filter(s -> !ServiceNames.isDocker(environment.expand(s.image())))
            .toList();
    if (wanted.isEmpty()) {
      return;
    }
    if (wanted.size() > SERVICES_MAX) {
      throw new JobFailure(wanted.size() + " services; a job has at most " + SERVICES_MAX);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < wanted.size(); i++) {
        int index = i;
        all.add(threads.submit(() -> one(bridge, index, wanted.get(index))));
      }
      for (Future<?> each : all) {
        Preparation.result(each);
      }
    }
  }

  private int one(Networks.Bridge bridge, int index, Setting.ServiceContainer service)
      throws InterruptedException {
    String image = environment.expand(service.image());
    control.say(List.of("Starting service " + image + "..."));
    String ready = images.ready(service.image(), environment);
    JsonNode inspected = parts.engine().inspectImage(ready).orElseGet(Json::object);
    List<String> names = ServiceNames.of(image, service);
    Map<String, String> variables = variables(service);
    String container =
        parts
            .engine()
            .createContainer(
                attempt.container(parts.home()) + "-service-" + index,
                config(ready, bridge, service, names, variables));
    parts.engine().startContainer(container);
    ServiceWait wait = new ServiceWait(parts, bridge, container, names.getFirst());
    Optional<Integer> port = ServiceWait.port(inspected, variables);
    if (port.isPresent()) {
      control.say(wait.until(port.get()));
    }
    return index;
  }

  /** What the file says of the job, but nothing secret of the project's, then the service's own. */
  private Map<String, String> variables(Setting.ServiceContainer service) {
    Map<String, String> values = new HashMap<>(environment.open());
    service.variables().forEach((name, text) -> values.put(name, environment.expand(text)));
    return values;
  }

  private ObjectNode config(
      String image,
      Networks.Bridge bridge,
      Setting.ServiceContainer service,
      List<String> names,
      Map<String, String> variables) {
    ObjectNode config = Json.object();
    config.put("Image", image);
    service.entrypoint().ifPresent(words -> words.forEach(config.withArray("Entrypoint")::add));
    if (!service.command().isEmpty()) {
      service.command().forEach(word -> config.withArray("Cmd").add(environment.expand(word)));
    }
    variables.forEach((name, value) -> config.withArray("Env").add(name + "=" + value));
    config
        .putObject("Labels")
        .put("esteira.home", parts.home().id())
        .put("esteira.owner", attempt.owner())
        .put("esteira.service", attempt.key());
    ObjectNode host = config.putObject("HostConfig");
    host.put("NetworkMode", bridge.network());
    host.putArray("Dns").add(parts.networks().houseAddress());
    host.put("Memory", settings.memoryBytesMax());
    host.put("PidsLimit", Math.min(PROCESSES_MAX, settings.processesMax()));
    ObjectNode log = host.putObject("LogConfig").put("Type", "json-file");
    log.putObject("Config").put("max-size", OUTPUT_MAX);
    ObjectNode endpoint =
        config
            .putObject("NetworkingConfig")
            .putObject("EndpointsConfig")
            .putObject(bridge.network());
    names.forEach(endpoint.withArray("Aliases")::add);
    return config;
  }
}
