package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a sandbox's first process starts: directly, or through the image's entrypoint, which GitLab
 * leaves in force (GitLab CI/CD YAML reference, image:entrypoint).
 *
 * @param entrypoint the program in front; empty: none
 * @param user who runs it, as the engine takes it; empty: whom the image says
 */
record Entry(List<String> entrypoint, String user) {
  private static final String ROOT = "0:0";

  Entry {
    entrypoint = List.copyOf(entrypoint);
  }

  /** Of a job in this image, as the engine inspects it. */
  static Entry of(Plan.Job job, JsonNode image) {
    if (!Workplace.isScript(job)) {
      return new Entry(List.of(), job.runAs().orElse(ROOT));
    }
    JsonNode config = image.path("Config");
    Setting setting = job.setting();
    List<String> own = setting.keepsEntrypoint() ? words(config.path("Entrypoint")) : List.of();
    List<String> entrypoint = setting.entrypoint().orElse(own);
    String user = job.runAs().orElse(config.path("User").asText(""));
    return new Entry(
        entrypoint.stream().allMatch(String::isEmpty) ? List.of() : entrypoint,
        user.isEmpty() ? ROOT : user);
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  boolean isRoot() {
    String name = user.replaceFirst(":.*$", "");
    return name.equals("root") || name.equals("0");
  }

  /** Whether something of the image runs before the supervisor. */
  boolean isKept() {
    return !entrypoint.isEmpty();
  }

  /** Writes what the engine starts. */
  void write(ObjectNode config, String script) {
    String file = ControlDirectory.INSIDE + "/" + script;
    if (entrypoint.isEmpty()) {
      config.putArray("Entrypoint").add("/bin/sh").add(file);
      config.putArray("Cmd");
      return;
    }
    entrypoint.forEach(config.withArray("Entrypoint")::add);
    if (entrypoint.getLast().matches("-[a-z]*c")) {
      // "sh -c" takes one text; more words would be its own arguments.
      config.putArray("Cmd").add("exec sh " + file);
    } else if (entrypoint.size() == 1 && isShell(entrypoint.getFirst())) {
      config.putArray("Cmd").add(file);
    } else {
      config.putArray("Cmd").add("sh").add(file);
    }
  }

  private static boolean isShell(String program) {
    return Optional.of(program.substring(program.lastIndexOf('/') + 1))
        .filter(name -> name.matches("(ba|da|a)?sh"))
        .isPresent();
  }
}
