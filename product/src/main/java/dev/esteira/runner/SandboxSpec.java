package dev.esteira.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import java.util.List;

/**
 * The container of a sandbox, as the engine is told of it. What holds for every sandbox is here, so
 * that one made beforehand differs in nothing that a job could see.
 *
 * @param script what the container runs, in its control directory
 * @param sandbox the label by which people find it
 * @param entry how it is started, and by whom
 * @param hosts names and their addresses, {@code NAME:ADDRESS}
 * @param binds host path, a colon, the path inside, in the engine's words
 */
record SandboxSpec(
    String image,
    Entry entry,
    String workingDirectory,
    String script,
    List<String> environment,
    String owner,
    String sandbox,
    List<String> binds,
    List<String> hosts,
    String network) {
  private static final String OUTPUT_MAX = "1m";

  SandboxSpec {
    hosts = List.copyOf(hosts);
    environment = List.copyOf(environment);
    binds = List.copyOf(binds);
  }

  ObjectNode json(Home home, RunnerSettings settings, String nameServer) {
    ObjectNode config = Json.object();
    config.put("Image", image);
    config.put("User", entry.user());
    config.put("WorkingDir", workingDirectory);
    config.put("Hostname", "job");
    entry.write(config, script);
    config.putObject("Healthcheck").putArray("Test").add("NONE");
    environment.forEach(config.withArray("Env")::add);
    config
        .putObject("Labels")
        .put("esteira.home", home.id())
        .put("esteira.owner", owner)
        .put("esteira.sandbox", sandbox);
    ObjectNode host = config.putObject("HostConfig");
    binds.forEach(host.withArray("Binds")::add);
    host.put("NetworkMode", network);
    host.putArray("Dns").add(nameServer);
    host.put("Init", true);
    host.put("Memory", settings.memoryBytesMax());
    host.put("PidsLimit", settings.processesMax());
    hosts.forEach(host.withArray("ExtraHosts")::add);
    ObjectNode log = host.putObject("LogConfig").put("Type", entry.isKept() ? "json-file" : "none");
    if (entry.isKept()) {
      // What an entrypoint says before the supervisor takes over may tell why it does not.
      log.putObject("Config").put("max-size", OUTPUT_MAX);
    }
    return config;
  }
}
