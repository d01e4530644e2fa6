package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes XML answers of the query protocols. */
final class Xml {
  private final StringBuilder text = new StringBuilder();
  private final ChronoUnit precision;

  Xml() {
    this(ChronoUnit.MILLIS);
  }

  /** {@code precision} is that of times. */
  Xml(ChronoUnit precision) {
    this.precision = precision;
  }

  Xml open(String name) {
    text.append('<').append(name).append('>');
    return this;
  }

  Xml open(String name, String namespace) {
    text.append('<').append(name);
    if (!namespace.isEmpty()) {
      text.append(" xmlns=\"").append(escape(namespace)).append('"');
    }
    text.append('>');
    return this;
  }

  Xml close(String name) {
    text.append("</").append(name).append('>');
    return this;
  }

  Xml text(String name, String value) {
    open(name);
    text.append(escape(value));
    return close(name);
  }

  /** The members of a structure, in the order of its shape. */
  Xml members(Shape shape, JsonNode tree) {
    shape
        .members()
        .forEach((name, member) -> {
          if (tree.hasNonNull(name)) {
            value(member, member.wireName(name), tree.path(name));
          }
        });
    return this;
  }

  private void value(Shape shape, String name, JsonNode tree) {
    switch (shape.type()) {
      case "structure" -> open(name).members(shape, tree).close(name);
      case "list" -> {
        boolean flat = shape.flag("flattened");
        String item = flat ? name : shape.item().wireName("member");
        if (!flat) {
          open(name);
        }
        tree.forEach(each -> value(shape.item(), item, each));
        if (!flat) {
          close(name);
        }
      }
      case "map" -> {
        open(name);
        tree.properties()
            .forEach(entry -> {
              open("entry").text(shape.mapKey().wireName("key"), entry.getKey());
              value(shape.mapValue(), shape.mapValue().wireName("value"), entry.getValue());
              close("entry");
            });
        close(name);
      }
      case "timestamp" -> text(name, time(tree.asText()));
      default -> text(name, tree.asText());
    }
  }

  private String time(String instant) {
    return Instant.parse(instant).truncatedTo(precision).toString();
  }

  private static String escape(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\r", "&#13;");
  }

  byte[] bytes() {
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text).getBytes(StandardCharsets.UTF_8);
  }
}
