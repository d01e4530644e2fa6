package dev.esteira.proxy;

import dev.esteira.proxy.DockerfileText.Instruction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The images that a Dockerfile names, in {@code FROM} and in {@code COPY --from}: finds them, with
 * {@code ARG} before the first {@code FROM} and build arguments applied, and writes other names in
 * their place. Pure.
 */
final class DockerfileFrom {
  private static final Pattern PLATFORM =
      Pattern.compile("(linux/)?(amd64|x86_64|x86-64)(/v[123])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** An image named by an instruction. */
  private record Use(Instruction instruction, String image) {}

  private final DockerfileText text;
  private final Optional<String> target;
  private final DockerfileValues values;
  private final List<String> stages = new ArrayList<>();
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> urls = new LinkedHashSet<>();

  private DockerfileFrom(
      DockerfileText text, Map<String, String> buildArguments, Optional<String> target) {
    this.text = text;
    this.target = target;
    this.values = new DockerfileValues(text.escape(), buildArguments);
  }

  /**
   * Reads it.
   *
   * @param target the stage to stop at ({@code --target}), by name or number
   */
  static DockerfileFrom read(
      String dockerfile, Map<String, String> buildArguments, Optional<String> target) {
    DockerfileFrom from =
        new DockerfileFrom(DockerfileText.parse(dockerfile), buildArguments, target);
    from.walk();
    return from;
  }

  /** Names of images that must be there before the build starts, in order, without repeats. */
  Set<String> images() {
    Set<String> names = new LinkedHashSet<>();
    uses.forEach(use -> names.add(use.image()));
    return names;
  }

  /** What {@code ADD} fetches from elsewhere, as far as this file tells. */
  Set<String> urls() {
    return urls;
  }

  /** The Dockerfile with each image replaced by what {@code resolved} gives for it. */
  String rewrite(Function<String, String> resolved) {
    Map<Instruction, String> replaced = new LinkedHashMap<>();
    for (Use use : uses) {
      replaced.put(use.instruction(), line(use, resolved.apply(use.image())));
    }
    return text.with(replaced);
  }

  /** What the engine will print of each rewritten instruction, and what the user wrote. */
  Map<String, String> printed(Function<String, String> resolved) {
    Map<String, String> printed = new LinkedHashMap<>();
    for (Use use : uses) {
      Instruction instruction = use.instruction();
      printed.put(
          line(use, resolved.apply(use.image())), instruction.keyword() + " " + instruction.rest());
    }
    return printed;
  }

  private void walk() {
    for (Instruction instruction : text.instructions()) {
      switch (instruction.keyword()) {
        case "FROM" -> {
          if (isTargetDone()) {
            return;
          }
          from(instruction);
        }
        case "ADD" -> addUrls(instruction.rest());
        case "ONBUILD" -> onBuild(instruction.rest());
        case "COPY" -> copy(instruction);
        default -> {
          // Other instructions name no image.
        }
      }
      values.take(instruction);
    }
  }

  private boolean isTargetDone() {
    return target.isPresent()
        && !target.get().isEmpty()
        && (stages.contains(target.get().toLowerCase(Locale.ROOT))
            || target.get().equals(Integer.toString(stages.size() - 1)));
  }

  private void onBuild(String rest) {
    String[] words = rest.strip().split("\\s+", 2);
    if (words.length == 2 && words[0].equalsIgnoreCase("ADD")) {
      addUrls(words[1]);
    }
  }

  private void addUrls(String rest) {
    for (String word : rest.split("[\\s,\\[\\]]+")) {
      String source = values.inStage(word);
      if (source.regionMatches(true, 0, "http://", 0, 7)
          || source.regionMatches(true, 0, "https://", 0, 8)) {
        urls.add(source);
      }
    }
  }

  private void from(Instruction instruction) {
    DockerfileFlags flags = DockerfileFlags.of(instruction.rest());
    flags.values("platform").forEach(platform -> checkPlatform(expand(platform)));
    String[] words = flags.rest().split("\\s+");
    if (words[0].isEmpty() || words.length == 2 || words.length > 3) {
      throw EngineError.invalid(
          "dockerfile parse error line "
              + (instruction.first() + 1)
              + ": FROM requires either one or three arguments");
    }
    String image = expand(words[0]);
    if (image.isBlank()) {
      throw EngineError.invalid(
          "failed to process line "
              + (instruction.first() + 1)
              + ": base name ("
              + words[0]
              + ") should not be blank");
    }
    boolean known = image.equals("scratch") || stages.contains(image.toLowerCase(Locale.ROOT));
    stages.add(words.length == 3 ? words[2].toLowerCase(Locale.ROOT) : "");
    if (!known) {
      uses.add(new Use(instruction, image));
    }
  }

  /** Refuses a platform that this machine is not. */
  static void checkPlatform(String platform) {
    if (!platform.isEmpty() && !PLATFORM.matcher(platform).matches() && !platform.equals("linux")) {
      throw EngineError.invalid(
          "platform '" + platform + "' is not supported: images here are built for linux/amd64");
    }
  }

  private void copy(Instruction instruction) {
    String source = copySource(instruction.rest());
    String name = source.toLowerCase(Locale.ROOT);
    if (source.isEmpty() || NUMBER.matcher(source).matches() || stages.contains(name)) {
      return;
    }
    uses.add(new Use(instruction, source));
  }

  private String copySource(String text) {
    return DockerfileFlags.of(text).value("from").map(this::expand).orElse("");
  }

  private String line(Use use, String image) {
    Instruction instruction = use.instruction();
    String rest = instruction.rest().strip();
    if (instruction.keyword().equals("COPY")) {
      return "COPY "
          + rest.replaceFirst("--from=\\S+", Matcher.quoteReplacement("--from=" + image));
    }
    String[] words = rest.split("\\s+");
    boolean isNamed = words.length >= 3 && words[words.length - 2].equalsIgnoreCase("AS");
    return "FROM " + image + (isNamed ? " AS " + words[words.length - 1] : "");
  }

  private String expand(String word) {
    return values.beforeStages(word);
  }
}
