package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.proxy.DockerfileText.Instruction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Dockerfile that uses what only BuildKit knows, written so that the classic builder makes the
 * same files of it: here-documents, {@code RUN --mount}, {@code COPY --chmod} and {@code --link},
 * the arguments that tell the platform. What it can not do as asked it says in a notice; what would
 * come out wrong it refuses. A file that needs none of it stays as it is. Pure. Source: Dockerfile
 * reference, syntax 1.7.
 */
final class ClassicDockerfile {
  /** Stands for the image that holds the here-documents, until there is one. */
  static final String DOCUMENTS = "esteira-here-documents";

  private static final int FILE_MODE = 0644;
  private static final List<String> SHELL = List.of("/bin/sh", "-c");
  private static final Set<String> RUN_FLAGS = Set.of("mount", "network", "security");

  /** A here-document that is to be copied. */
  record File(String path, String content, int mode) {}

  private final DockerfileText text;
  private final Map<String, String> buildArguments;
  private final DockerfileValues values;
  private final Map<Instruction, String> replaced = new LinkedHashMap<>();
  private final Map<String, String> printed = new LinkedHashMap<>();
  private final List<File> files = new ArrayList<>();
  private final ContextModes modes = new ContextModes();
  private final Set<String> notices = new LinkedHashSet<>();
  private List<String> shell = SHELL;
  private Optional<String> user = Optional.empty();
  private boolean inStage;

  private ClassicDockerfile(DockerfileText text, Map<String, String> buildArguments) {
    this.text = text;
    this.buildArguments = buildArguments;
    this.values = new DockerfileValues(text.escape(), buildArguments);
  }

  static ClassicDockerfile of(String dockerfile, Map<String, String> buildArguments) {
    ClassicDockerfile classic =
        new ClassicDockerfile(DockerfileText.parse(dockerfile), buildArguments);
    classic.text.instructions().forEach(classic::take);
    return classic;
  }

  String text() {
    return text.with(replaced);
  }

  /** What the engine will print of each instruction that was written anew, and what it was. */
  Map<String, String> printed() {
    return printed;
  }

  List<File> files() {
    return files;
  }

  ContextModes modes() {
    return modes;
  }

  /** What comes out otherwise than asked. */
  Set<String> notices() {
    return notices;
  }

  private void take(Instruction instruction) {
    switch (instruction.keyword()) {
      case "FROM" -> {
        inStage = true;
        shell = SHELL;
        user = Optional.empty();
      }
      case "ARG" -> argument(instruction);
      case "SHELL" -> shell = words(instruction.rest());
      case "USER" -> user = Optional.of(instruction.rest().strip());
      case "RUN" -> run(instruction);
      case "COPY", "ADD" -> copy(instruction);
      case "HEALTHCHECK" -> healthCheck(instruction);
      default -> {
        // The classic builder knows the others.
      }
    }
    values.take(instruction);
  }

  /** One of the lines is shown as what the user wrote. */
  private void write(Instruction instruction, List<String> lines, String shown) {
    replaced.put(instruction, String.join("\n", lines));
    printed.put(shown, instruction.keyword() + " " + instruction.rest());
  }

  private void write(Instruction instruction, String line) {
    write(instruction, List.of(line), line);
  }

  private void notice(Instruction instruction, String sentence) {
    notices.add(where(instruction) + ": " + sentence);
  }

  private static String where(Instruction instruction) {
    return "Dockerfile line " + (instruction.first() + 1);
  }

  private void argument(Instruction instruction) {
    if (!inStage) {
      return;
    }
    String before = instruction.rest().strip();
    List<String> words = new ArrayList<>();
    for (String word : before.split("\\s+")) {
      String value = DockerfileValues.PLATFORM.get(word);
      boolean isOurs = value != null && !buildArguments.containsKey(word);
      words.add(isOurs ? word + "=" + value : word);
    }
    String after = String.join(" ", words);
    if (!after.equals(before.replaceAll("\\s+", " "))) {
      write(instruction, "ARG " + after);
    }
  }

  private void healthCheck(Instruction instruction) {
    DockerfileFlags flags = DockerfileFlags.of(instruction.rest());
    if (flags.value("start-interval").isPresent()) {
      String kept = flags.kept(name -> !name.equals("start-interval"));
      write(instruction, "HEALTHCHECK " + kept + flags.rest());
      notice(instruction, "--start-interval of HEALTHCHECK has no effect here; --interval counts");
    }
  }

  private void run(Instruction instruction) {
    DockerfileFlags flags = DockerfileFlags.of(instruction.rest());
    if (flags.flags().isEmpty() && instruction.documents().isEmpty()) {
      return;
    }
    checkSandbox(instruction, flags);
    List<String> lines = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    for (String text : flags.values("mount")) {
      RunMount mount = RunMount.of(text, where(instruction));
      mount(instruction, mount, lines, before);
    }
    String others = flags.kept(name -> !RUN_FLAGS.contains(name));
    lines.add("RUN " + others + command(instruction, flags.rest(), before.toString()));
    write(instruction, lines, lines.getLast());
  }

  private void checkSandbox(Instruction instruction, DockerfileFlags flags) {
    if (flags.values("network").contains("host") || flags.values("security").contains("insecure")) {
      throw EngineError.refused(
          where(instruction) + ": --network=host and --security=insecure are refused in builds");
    }
    if (flags.values("network").contains("none")) {
      notice(instruction, "RUN --network=none has the network of the build here");
    }
  }

  private void mount(
      Instruction instruction, RunMount mount, List<String> lines, StringBuilder before) {
    switch (mount.kind()) {
      case BIND -> {
        lines.add(mount.copy());
        notice(instruction, "RUN --mount=type=bind is a COPY here, and what it copies stays");
      }
      case CACHE -> {
        if (mount.from().isPresent()) {
          lines.add(mount.copy());
        }
        makeTarget(mount, before);
        notice(
            instruction,
            "RUN --mount=type=cache keeps nothing from build to build here; what is in "
                + mount.target().orElseThrow()
                + " stays in the image");
      }
      case TMPFS -> makeTarget(mount, before);
      case SECRET, SSH -> {
        String what = mount.kind() == RunMount.Kind.SSH ? "ssh" : "secret";
        if (mount.isRequired()) {
          throw EngineError.invalid(
              where(instruction)
                  + ": RUN --mount=type="
                  + what
                  + " is required, but builds here get none; give the value as a build argument"
                  + " to a stage that is not the image's last");
        }
        notice(instruction, "RUN --mount=type=" + what + ": none is given to builds here");
      }
    }
  }

  /** A mount has its directory, also where the image has none. */
  private static void makeTarget(RunMount mount, StringBuilder before) {
    before
        .append("mkdir -p \"")
        .append(mount.target().orElseThrow())
        .append("\" 2>/dev/null || true; ");
  }

  private String command(Instruction instruction, String rest, String before) {
    List<HereDocument> documents = instruction.documents();
    if (documents.isEmpty()) {
      return rest.startsWith("[") ? rest : before + rest;
    }
    boolean isAlone = HereDocument.words(rest).matches();
    String script =
        isAlone
            ? HereScript.of(documents.getFirst())
            : rest
                + "\n"
                + documents.stream().map(HereDocument::forShell).collect(Collectors.joining());
    List<String> words = new ArrayList<>(shell);
    words.add(before + script);
    return Json.write(words);
  }

  private void copy(Instruction instruction) {
    DockerfileFlags flags = DockerfileFlags.of(instruction.rest());
    Optional<String> chmod = flags.value("chmod").map(values::inStage);
    if (chmod.isEmpty() && flags.value("link").isEmpty() && instruction.documents().isEmpty()) {
      return;
    }
    String kept = flags.kept(name -> !name.equals("chmod") && !name.equals("link"));
    CopySources sources = CopySources.of(instruction, words(flags.rest()));
    List<String> lines = new ArrayList<>();
    if (sources.documents().isEmpty()) {
      lines.add(instruction.keyword() + " " + kept + flags.rest());
    } else if (!sources.plain().isEmpty()) {
      lines.add(instruction.keyword() + " " + kept + sources.plainText());
    }
    for (HereDocument document : sources.documents()) {
      lines.add("COPY " + kept + document(document, chmod) + " " + sources.destination());
    }
    if (chmod.isPresent() && !sources.plain().isEmpty()) {
      lines.addAll(chmod(flags, sources, chmod.get()));
    }
    write(instruction, lines, lines.getFirst());
  }

  private String document(HereDocument document, Optional<String> chmod) {
    String path = files.size() + "/" + document.name();
    int mode =
        chmod.filter(CopySources::isOctal).map(m -> Integer.parseInt(m, 8)).orElse(FILE_MODE);
    files.add(new File(path, document.content(values), mode));
    return "--from=" + DOCUMENTS + " /" + path;
  }

  /** Files of the context get their permissions there; others by a command in the stage. */
  private List<String> chmod(DockerfileFlags flags, CopySources sources, String mode) {
    boolean fromContext = flags.value("from").isEmpty() && !sources.hasUrl();
    if (fromContext && CopySources.isOctal(mode)) {
      sources
          .plain()
          .forEach(source -> modes.add(values.inStage(source), Integer.parseInt(mode, 8)));
      return List.of();
    }
    String run = "RUN " + sources.chmod(mode);
    return user.isEmpty() ? List.of(run) : List.of("USER 0", run, "USER " + user.get());
  }

  /** The words of an instruction, in either form. */
  private static List<String> words(String rest) {
    if (rest.startsWith("[")) {
      try {
        JsonNode array = Json.parse(rest);
        List<String> words = new ArrayList<>();
        array.forEach(word -> words.add(word.asText()));
        return words;
      } catch (EsteiraException e) {
        // Docker takes what is no JSON for the other form.
      }
    }
    return List.of(rest.strip().split("\\s+"));
  }
}
