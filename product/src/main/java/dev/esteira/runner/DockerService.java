package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.net.Networks;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.proxy.EngineProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in for {@code docker:dind}: the job's own Docker API under every name of the service,
 * on 2375 and, for clients with the job's certificate, on 2376. The name is the gateway of the
 * job's bridge, where the ports that its containers publish answer as well.
 */
final class DockerService {
  private static final String CERTIFICATES = "certs";
  private static final String DEFAULT_DIRECTORY = "/certs";
  private static final String DIRECTORY_VARIABLE = "DOCKER_TLS_CERTDIR";

  private final Parts parts;
  private final Attempt attempt;
  private final Set<String> names = new LinkedHashSet<>();
  private final String directory;

  /** The Docker daemons among the job's services, and one that its variables take for granted. */
  DockerService(Parts parts, JobRunner.Assignment assignment, JobEnvironment environment) {
    this.parts = parts;
    this.attempt = Attempt.of(assignment);
    for (var service : assignment.job().setting().services()) {
      String image = environment.expand(service.image());
      if (ServiceNames.isDocker(image)) {
        names.addAll(ServiceNames.of(image, service));
      }
    }
    Map<String, String> values = environment.values();
    if (Workplace.isScript(assignment.job())) {
      taken(values.getOrDefault("DOCKER_HOST", ""))
          .filter(name ->
              assignment.job().setting().services().stream()
                  .noneMatch(s -> ServiceNames.of(environment.expand(s.image()), s).contains(name)))
          .ifPresent(names::add);
    }
    String asked = values.getOrDefault(DIRECTORY_VARIABLE, "");
    directory = asked.matches("/[A-Za-z0-9_./-]+") ? asked : DEFAULT_DIRECTORY;
  }

  /** A runner may be set up to have the service without the file saying so. */
  private static Optional<String> taken(String dockerHost) {
    if (!dockerHost.matches("tcp://[A-Za-z][A-Za-z0-9_.-]*:237[56]/?")) {
      return Optional.empty();
    }
    return Optional.ofNullable(URI.create(dockerHost.replace("tcp:", "http:")).getHost())
        .filter(host -> !host.equals("localhost"));
  }

  /** An image of the docker family looks for a daemon of that name when nothing else is said. */
  void expectedBy(JsonNode image) {
    for (JsonNode variable : image.path("Config").path("Env")) {
      if (variable.asText().startsWith(DIRECTORY_VARIABLE + "=")) {
        names.add("docker");
      }
    }
  }

  boolean isThere() {
    return !names.isEmpty();
  }

  /** As the engine takes them: name, colon, address. */
  List<String> hosts(Networks.Bridge bridge) {
    return names.stream().map(name -> name + ":" + bridge.gateway()).toList();
  }

  List<String> notices() {
    return isThere()
        ? List.of(
            "Docker service: the Docker API of this job answers at "
                + String.join(", ", names)
                + " (2375; 2376 with TLS) and at /var/run/docker.sock; no daemon is started")
        : List.of();
  }

  /** Opens the API on the bridge; the same again is fine. */
  void open(Networks.Bridge bridge) {
    if (isThere()) {
      parts
          .proxy()
          .listen(
              attempt.owner(),
              new EngineProxy.Tcp(bridge.gateway(), bridge.subnet(), parts.authority()));
    }
  }

  /** The same for an attempt that had it before this process began. */
  static void reopen(Parts parts, Attempt attempt, Networks.Bridge bridge) {
    if (Files.exists(attempt.control(parts.home()).path().resolve(CERTIFICATES))) {
      parts
          .proxy()
          .listen(
              attempt.owner(),
              new EngineProxy.Tcp(bridge.gateway(), bridge.subnet(), parts.authority()));
    }
  }

  /** Where a docker client in the sandbox looks for its certificates. */
  String inside() {
    return directory + "/client";
  }

  /** Writes the client's certificates; returns what is mounted for them. */
  List<String> binds() {
    if (!isThere()) {
      return List.of();
    }
    Path certificates = attempt.control(parts.home()).path().resolve(CERTIFICATES);
    CertificateAuthority.Issued issued =
        parts.authority().issueClient(attempt.owner(), "docker-clients");
    try {
      Files.createDirectories(certificates);
      Files.writeString(certificates.resolve("ca.pem"), parts.authority().rootPem());
      Files.writeString(certificates.resolve("cert.pem"), issued.certificatePem());
      Files.writeString(certificates.resolve("key.pem"), issued.keyPem());
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + certificates, e);
    }
    return List.of(certificates + ":" + inside() + ":ro");
  }

  /** The same for a sandbox that runs already: what its shell does before the job begins. */
  String order(Networks.Bridge bridge) {
    if (!isThere()) {
      return "";
    }
    binds();
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      lines.add("echo '" + bridge.gateway() + " " + name + "' >>/etc/hosts");
    }
    lines.add("mkdir -p " + directory);
    lines.add("ln -sfn " + ControlDirectory.INSIDE + "/" + CERTIFICATES + " " + inside());
    return String.join("\n", lines) + "\n";
  }
}
