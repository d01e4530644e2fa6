package dev.esteira.pipeline.gitlab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code spec:inputs} of a file, and {@code $[[ inputs.name ]]} in it: what the includer gives, or
 * the default, takes the place of each.
 */
final class Inputs {
  private static final Pattern BLOCK = Pattern.compile("\\$\\[\\[\\s*(.*?)\\s*\\]\\]");
  private static final Pattern TRUNCATE =
      Pattern.compile("truncate\\((\\d{1,6}),\\s*(\\d{1,6})\\)");

  /** These stand for values of the job's own matrix, and are put in when its needs are. */
  private static final String MATRIX = "matrix.";

  /** These stand for what a component is called: {@code name}, {@code version}, … */
  private static final String COMPONENT = "component.";

  private static final Set<String> SPEC =
      Set.of("default", "description", "type", "options", "regex", "rules");

  private final Problems problems;
  private final Fields fields;
  private final Scope scope;
  private final Map<String, Node> values = new LinkedHashMap<>();

  Inputs(Problems problems, Scope scope) {
    this.problems = problems;
    this.fields = new Fields(problems);
    this.scope = scope;
  }

  /** The file's mapping with its inputs in place. */
  Node.Keys applied(
      ConfigFile file, Map<String, Node> given, Map<String, String> component, Place from) {
    component.forEach(
        (key, value) -> values.put(COMPONENT + key, new Node.Text(value, false, from)));
    Optional<Node.Keys> wanted =
        file.header()
            .flatMap(h -> h.get("spec"))
            .flatMap(s -> fields.keys(s, "spec"))
            .flatMap(s -> s.get("inputs"))
            .flatMap(i -> fields.keys(i, "spec.inputs"));
    wanted.ifPresent(w -> w.entries().forEach(e -> take(e, given, from)));
    for (String name : given.keySet()) {
      if (wanted.isEmpty() || !wanted.get().has(name)) {
        problems.error(from, "the included file has no input '" + name + "'");
      }
    }
    return file.header().isPresent() && replaced(file.root()) instanceof Node.Keys replaced
        ? replaced
        : file.root();
  }

  private void take(Node.Entry entry, Map<String, Node> given, Place from) {
    Node.Keys spec =
        entry.value() instanceof Node.Keys keys ? keys : new Node.Keys(Map.of(), entry.place());
    fields.unknown(spec, "spec.inputs." + entry.key() + ".", SPEC);
    Optional<Node> value =
        Optional.ofNullable(given.get(entry.key())).or(() -> spec.written("default"));
    if (value.isEmpty()) {
      problems.error(from, "the included file needs the input '" + entry.key() + "'");
      return;
    }
    values.put(entry.key(), value.get());
    check(entry.key(), spec, value.get(), given.containsKey(entry.key()) ? from : entry.place());
  }

  private void check(String name, Node.Keys spec, Node value, Place place) {
    String type = fields.text(spec, "type", "").orElse("string");
    boolean fits =
        switch (type) {
          case "string" -> value instanceof Node.Text;
          case "number" -> value instanceof Node.Text t && t.value().matches("-?\\d+(\\.\\d+)?");
          case "boolean" ->
              value instanceof Node.Text t
                  && t.value().toLowerCase(Locale.ROOT).matches("true|false");
          case "array" -> value instanceof Node.Items;
          default -> {
            problems.error(
                spec.placeOf("type"),
                "the type of an input is one of array, boolean, number, string; not '"
                    + type
                    + "'");
            yield true;
          }
        };
    if (!fits) {
      problems.error(place, "the input '%s' must be of type %s".formatted(name, type));
    }
    String text = value instanceof Node.Text t ? t.value() : "";
    List<String> options = fields.texts(spec, "options", "");
    List<String> chosen =
        options.isEmpty() || value instanceof Node.Keys ? List.of() : fields.texts(value, name);
    if (!options.isEmpty() && !options.containsAll(chosen)) {
      problems.error(
          place,
          "the input '%s' must be one of %s, not '%s'"
              .formatted(name, options, String.join(", ", chosen)));
    }
    Optional<Pattern> regex =
        fields.text(spec, "regex", "").flatMap(r -> Patterns.of("/" + bare(r) + "/"));
    if (regex.isPresent() && !Patterns.found(regex.get(), text)) {
      problems.error(
          place,
          "the input '%s' must match %s, but '%s' does not".formatted(name, regex.get(), text));
    }
  }

  private static String bare(String regex) {
    return Patterns.looksLikeOne(regex) ? regex.substring(1, regex.lastIndexOf('/')) : regex;
  }

  private Node replaced(Node node) {
    return switch (node) {
      case Node.Reference reference -> reference;
      case Node.Items list ->
          new Node.Items(list.items().stream().map(this::replaced).toList(), list.place());
      case Node.Keys keys ->
          Node.Keys.of(
              keys.entries().stream()
                  .map(
                      e -> new Node.Entry(text(e.key(), e.place()), e.place(), replaced(e.value())))
                  .toList(),
              keys.place());
      case Node.Text text -> replacedText(text);
    };
  }

  private Node replacedText(Node.Text text) {
    Matcher whole = BLOCK.matcher(text.value());
    if (whole.matches() && whole.group(1).matches("inputs\\.[\\w-]+")) {
      Node value = values.get(whole.group(1).substring("inputs.".length()));
      if (value != null && !(value instanceof Node.Text)) {
        return value;
      }
    }
    return new Node.Text(text(text.value(), text.place()), text.plain(), text.place());
  }

  private String text(String text, Place place) {
    if (!text.contains("$[[")) {
      return text;
    }
    return BLOCK
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(block(m.group(1), m.group(), place)));
  }

  private String block(String inside, String written, Place place) {
    String[] parts = inside.split("\\|", -1);
    String access = parts[0].strip();
    if (access.startsWith(MATRIX)) {
      return written;
    }
    if (!access.startsWith("inputs.") && !access.startsWith(COMPONENT)) {
      problems.error(place, "'" + written + "' is no input; write $[[ inputs.name ]]");
      return "";
    }
    Node value =
        values.get(access.startsWith(COMPONENT) ? access : access.substring("inputs.".length()));
    if (value == null) {
      problems.error(place, "'" + written + "' names an input that 'spec' does not have");
      return "";
    }
    String text = value instanceof Node.Text t ? t.value() : Json.compact(value);
    for (int i = 1; i < parts.length; i++) {
      text = function(parts[i].strip(), text, place);
    }
    return text;
  }

  private String function(String function, String text, Place place) {
    Matcher truncate = TRUNCATE.matcher(function);
    if (truncate.matches()) {
      int from = Math.min(text.length(), Integer.parseInt(truncate.group(1)));
      return text.substring(
          from, Math.min(text.length(), from + Integer.parseInt(truncate.group(2))));
    }
    return switch (function) {
      case "expand_vars" -> scope.expand(text);
      case "posix_escape" -> text.replaceAll("([^\\w@%+=:,./-])", "\\\\$1");
      default -> {
        problems.error(place, "there is no function '" + function + "' for inputs");
        yield text;
      }
    };
  }

  /** As JSON, which YAML is as well. */
  static String json(Node node) {
    return Json.compact(node);
  }

  /** Lists and mappings inside a text are written as JSON. */
  private static final class Json {
    static String compact(Node node) {
      return switch (node) {
        case Node.Text t -> dev.esteira.base.Json.write(t.value());
        case Node.Items list ->
            list.items().stream()
                .map(Json::compact)
                .reduce((a, b) -> a + "," + b)
                .map(s -> "[" + s + "]")
                .orElse("[]");
        case Node.Keys keys ->
            keys.entries().stream()
                .map(e -> dev.esteira.base.Json.write(e.key()) + ":" + compact(e.value()))
                .reduce((a, b) -> a + "," + b)
                .map(s -> "{" + s + "}")
                .orElse("{}");
        case Node.Reference _ -> "\"\"";
      };
    }

    private Json() {}
  }
}
