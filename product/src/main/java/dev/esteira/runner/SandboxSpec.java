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
 * @param binds host path, a colon, the path inside, in the engine's words
 */
record SandboxSpec(
    String image,
    String user,
    String workingDirectory,
    String script,
    List<String> environment,
    String owner,
    String sandbox,
    List<String> binds,
    String network) {
  SandboxSpec {
    environment = List.copyOf(environment);
    binds = List.copyOf(binds);
  }

  ObjectNode json(Home home, RunnerSettings settings, String nameServer) {
    ObjectNode config = Json.object();
    config.put("Image", image);
    config.put("User", user);
    config.put("WorkingDir", workingDirectory);
    config.put("Hostname", "job");
    config.putArray("Entrypoint").add("/bin/sh").add(ControlDirectory.INSIDE + "/" + script);
    config.putArray("Cmd");
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
    host.putObject("LogConfig").put("Type", "none");
    return config;
  }
}
