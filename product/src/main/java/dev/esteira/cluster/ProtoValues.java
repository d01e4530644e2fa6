package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;

/** Messages that are one value in JSON. */
final class ProtoValues {
  private ProtoValues() {}

  static JsonNode intOrString(byte[] message) {
    ProtoReader reader = new ProtoReader(message);
    long type = 0;
    long number = 0;
    String text = "";
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> type = reader.number();
        case 2 -> number = reader.number();
        case 3 -> text = reader.text();
        default -> reader.skip();
      }
    }
    return type == 0 ? IntNode.valueOf((int) number) : TextNode.valueOf(text);
  }

  static JsonNode quantity(byte[] message) {
    ProtoReader reader = new ProtoReader(message);
    String text = "0";
    for (int field = reader.next(); field != 0; field = reader.next()) {
      if (field == 1) {
        text = reader.text();
      } else {
        reader.skip();
      }
    }
    return TextNode.valueOf(text);
  }

  /** A time without seconds is no time. */
  static JsonNode time(byte[] message) {
    ProtoReader reader = new ProtoReader(message);
    long seconds = 0;
    for (int field = reader.next(); field != 0; field = reader.next()) {
      if (field == 1) {
        seconds = reader.number();
      } else {
        reader.skip();
      }
    }
    return seconds == 0
        ? NullNode.getInstance()
        : TextNode.valueOf(Instant.ofEpochSecond(seconds).toString());
  }
}
