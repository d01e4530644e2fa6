package dev.esteira.proxy;

import dev.esteira.proxy.DockerfileText.Instruction;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the variables of a Dockerfile stand for, while its instructions are walked: {@code ARG}
 * before the first {@code FROM}, build arguments, and {@code ARG} and {@code ENV} of the stage. The
 * environment of a base image is not known here.
 */
final class DockerfileValues {
  /** What the build machine is, as the builder tells ({@code FROM --platform=$BUILDPLATFORM}). */
  static final Map<String, String> PLATFORM =
      Map.of(
          "BUILDPLATFORM", "linux/amd64",
          "TARGETPLATFORM", "linux/amd64",
          "BUILDOS", "linux",
          "TARGETOS", "linux",
          "BUILDARCH", "amd64",
          "TARGETARCH", "amd64",
          "BUILDVARIANT", "",
          "TARGETVARIANT", "");

  private final char escape;
  private final Map<String, String> buildArguments;
  private final Map<String, String> metaArguments = new HashMap<>(PLATFORM);
  private final Map<String, Map<String, String>> environments = new HashMap<>();
  private Map<String, String> environment = new HashMap<>();
  private Map<String, String> arguments = new HashMap<>(PLATFORM);
  private boolean inStage;

  DockerfileValues(char escape, Map<String, String> buildArguments) {
    this.escape = escape;
    this.buildArguments = Map.copyOf(buildArguments);
  }

  /** Takes what an instruction sets; of others it takes nothing. */
  void take(Instruction instruction) {
    switch (instruction.keyword()) {
      case "FROM" -> stage(instruction.rest().strip().split("\\s+"));
      case "ARG" -> arguments(instruction.rest().strip());
      case "ENV" -> environment(instruction.rest().strip());
      default -> {
        // Sets no variable.
      }
    }
  }

  /** A word of {@code FROM} or of {@code --from}; a bad one is said. */
  String beforeStages(String word) {
    return DockerfileWords.expand(word, escape, metaArguments);
  }

  /** A word of the present stage. One with blanks may come in pieces; those stay as they are. */
  String inStage(String word) {
    Map<String, String> values = new TreeMap<>(arguments);
    values.putAll(environment);
    return lenient(word, values);
  }

  /** A stage that begins from an earlier one has its environment, but not its arguments. */
  private void stage(String[] words) {
    boolean named = words.length > 2 && words[words.length - 2].equalsIgnoreCase("AS");
    String base = words[named ? words.length - 3 : words.length - 1];
    environment = new HashMap<>(environments.getOrDefault(base.toLowerCase(Locale.ROOT), Map.of()));
    arguments = new HashMap<>(PLATFORM);
    if (named) {
      environments.put(words[words.length - 1].toLowerCase(Locale.ROOT), environment);
    }
    inStage = true;
  }

  private void arguments(String rest) {
    for (String word : rest.split("\\s+")) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String given = buildArguments.get(name);
      String before = metaArguments.get(name);
      Map<String, String> set = inStage ? arguments : metaArguments;
      if (given != null) {
        set.put(name, given);
      } else if (equals >= 0) {
        String value = word.substring(equals + 1);
        set.put(name, inStage ? inStage(value) : lenient(value, metaArguments));
      } else if (before != null) {
        set.put(name, before);
      }
    }
  }

  private void environment(String rest) {
    String[] pair = rest.split("\\s+", 2);
    if (!pair[0].contains("=") && pair.length == 2) {
      environment.put(pair[0], inStage(pair[1]));
      return;
    }
    for (String word : rest.split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        environment.put(word.substring(0, equals), inStage(word.substring(equals + 1)));
      }
    }
  }

  private String lenient(String word, Map<String, String> values) {
    try {
      return DockerfileWords.expand(word, escape, values);
    } catch (EngineError e) {
      return word;
    }
  }
}
