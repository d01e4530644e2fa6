package dev.esteira.runner;

import dev.esteira.base.Json;
import dev.esteira.pipeline.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cluster of the house as a kubeconfig for jobs that have none of their own, as an agent of a
 * GitLab project gives one. It stands behind the user's own file. Whatever context a script asks
 * for by name means this cluster.
 */
final class KubeConfig {
  private static final Pattern CONTEXT =
      Pattern.compile("(?:use-context|--(?:kube-)?context)[ =]+[\"']?([^\\s\"';|&]+)");
  private static final int CONTEXTS_MAX = 50;
  private static final String OWN = "esteira";

  private KubeConfig() {}

  static void write(
      Parts parts, RunnerSettings settings, Plan.Job job, JobEnvironment variables, Path control) {
    if (!Workplace.isScript(job) || settings.kubernetesUrl().isEmpty()) {
      return;
    }
    Path file = control.resolve("kubeconfig");
    try {
      Files.writeString(
          file,
          text(
              settings.kubernetesUrl(),
              parts.authority().rootPem(),
              variables.token(),
              contexts(job, variables)));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  static Set<String> contexts(Plan.Job job, JobEnvironment variables) {
    Set<String> names = new LinkedHashSet<>(Set.of(OWN));
    for (Plan.Section section : job.sections()) {
      for (Plan.Command command : section.commands()) {
        Matcher matcher = CONTEXT.matcher(command.text());
        while (matcher.find() && names.size() < CONTEXTS_MAX) {
          names.add(variables.expand(matcher.group(1)));
        }
      }
    }
    return names;
  }

  /** JSON is YAML, and quotes what a variable may hold. */
  private static String text(String url, String authority, String token, Set<String> contexts) {
    var config = Json.object().put("apiVersion", "v1").put("kind", "Config");
    String certificate =
        Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.UTF_8));
    config
        .putArray("clusters")
        .addObject()
        .put("name", OWN)
        .putObject("cluster")
        .put("server", url)
        .put("certificate-authority-data", certificate);
    config.putArray("users").addObject().put("name", OWN).putObject("user").put("token", token);
    var all = config.putArray("contexts");
    for (String name : contexts) {
      all.addObject()
          .put("name", name)
          .putObject("context")
          .put("cluster", OWN)
          .put("user", OWN)
          .put("namespace", "default");
    }
    return Json.write(config.put("current-context", OWN)) + "\n";
  }
}
