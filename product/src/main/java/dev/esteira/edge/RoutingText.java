package dev.esteira.edge;

import dev.esteira.base.Digest;
import dev.esteira.edge.Routing.Action;
import dev.esteira.edge.Routing.Condition;
import dev.esteira.edge.Routing.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A routing as the program that {@code route.lua} runs; its form stands there. */
record RoutingText(String text) {
  /** A command of the runtime API has to fit into one buffer of 16 KiB. */
  private static final int PART_CHARS_MAX = 8_000;

  /** {@code backends} tells the slot of a service. */
  static RoutingText of(Routing routing, UnaryOperator<String> backends) {
    List<String> rules = new ArrayList<>();
    for (Rule rule : routing.rules()) {
      List<String> words = new ArrayList<>();
      rule.conditions().forEach(condition -> words.add(word(condition)));
      words.add(word(rule.action(), backends));
      rules.add(String.join("&", words));
    }
    return new RoutingText(String.join("!", rules));
  }

  /** The value in the map of listeners. */
  String name() {
    return hash() + "." + parts().size();
  }

  /** The lines in the map of programs. */
  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    parts().forEach(part -> lines.put(hash() + "." + (lines.size() + 1), part));
    return lines;
  }

  private String hash() {
    return Digest.of(text.getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 24);
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < text.length(); from += PART_CHARS_MAX) {
      parts.add(text.substring(from, Math.min(text.length(), from + PART_CHARS_MAX)));
    }
    return parts;
  }

  private static String word(Condition condition) {
    return switch (condition) {
      case Condition.Path(List<String> patterns) -> word("p", patterns);
      case Condition.Host(List<String> patterns) -> word("o", lower(patterns));
      case Condition.Method(List<String> methods) -> word("m", methods);
      case Condition.Source(List<String> ranges) -> word("s", ranges);
      case Condition.Header(String name, List<String> patterns) -> {
        List<String> args = new ArrayList<>(List.of(name.toLowerCase(Locale.ROOT)));
        args.addAll(lower(patterns));
        yield word("h", args);
      }
      case Condition.Query(List<Routing.Parameter> parameters) -> {
        List<String> args = new ArrayList<>();
        parameters.forEach(each -> {
          args.add(each.key().toLowerCase(Locale.ROOT));
          args.add(each.value().toLowerCase(Locale.ROOT));
        });
        yield word("q", args);
      }
    };
  }

  private static String word(Action action, UnaryOperator<String> backends) {
    return switch (action) {
      case Action.Forward(List<Routing.Weighted> targets) -> {
        List<String> args = new ArrayList<>();
        targets.forEach(each -> {
          args.add(backends.apply(each.service()));
          args.add(Integer.toString(each.weight()));
        });
        yield word("f", args);
      }
      case Action.Redirect r ->
          word(
              "r",
              List.of(
                  Integer.toString(r.status()),
                  r.protocol(),
                  r.host(),
                  r.port(),
                  r.path(),
                  r.query()));
      case Action.Fixed(int status, String type, String body) ->
          word("x", List.of(Integer.toString(status), type, body));
    };
  }

  private static List<String> lower(List<String> texts) {
    return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }

  private static String word(String letter, List<String> args) {
    StringBuilder word = new StringBuilder(letter);
    args.forEach(arg -> word.append(',').append(encode(arg)));
    return word.toString();
  }

  /** Everything that means something here, to the runtime API or to a map file is escaped. */
  private static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || "*?./_-:".indexOf(b) >= 0;
      encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return encoded.toString();
  }
}
