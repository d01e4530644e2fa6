package dev.esteira.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables of a job as far as its plan knows them, put into names: {@code $NAME} and {@code
 * ${NAME}}.
 */
record Words(Map<String, String> values) {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*)|(\\$))");
  private static final int DEPTH_MAX = 10;
  private static final int CHARACTERS_MAX = 4_096;

  static Words of(Runs.Request request, Plan.Job job) {
    Map<String, String> values = new HashMap<>(job.setting().predefined());
    values.putAll(job.variables());
    values.putAll(request.variables());
    return new Words(values);
  }

  String expand(String text) {
    return expand(text, DEPTH_MAX);
  }

  private String expand(String text, int depth) {
    if (depth == 0 || text.length() > CHARACTERS_MAX || text.indexOf('$') < 0) {
      return text;
    }
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found, depth)));
  }

  private String value(java.util.regex.MatchResult found, int depth) {
    if (found.group(3) != null) {
      return "$";
    }
    String name = found.group(1) == null ? found.group(2) : found.group(1);
    return expand(values.getOrDefault(name, ""), depth - 1);
  }
}
