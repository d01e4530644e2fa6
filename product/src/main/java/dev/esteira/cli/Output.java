package dev.esteira.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Data goes to standard output, everything said to a person to standard error. */
final class Output {
  private final PrintStream out;
  private final PrintStream err;

  Output(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  void data(String line) {
    out.println(line);
    out.flush();
  }

  void say(String line) {
    err.println(line);
    err.flush();
  }

  void json(Object value) {
    try {
      data(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw EsteiraException.internal("could not print JSON", e);
    }
  }

  /** A table with a head; nothing but the head's names when there are no rows. */
  void table(List<String> head, Iterable<JsonNode> rows, List<String> fields) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(head);
    for (JsonNode row : rows) {
      lines.add(fields.stream().map(f -> text(row.at(f))).toList());
    }
    int[] widths = new int[head.size()];
    lines.forEach(line -> {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    });
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 3));
      }
      data(text.toString().stripTrailing());
    }
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText("");
    }
    List<String> parts = new ArrayList<>();
    value.forEach(each -> parts.add(each.asText()));
    return String.join(",", parts);
  }
}
