package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** The variables that an attempt was given, where no sandbox sees them, for the time after it. */
final class EnvironmentNotes {
  private EnvironmentNotes() {}

  static void write(Path directory, Map<String, String> values) {
    Path file = file(directory);
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, Json.write(values), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  static Map<String, String> read(Path directory) {
    Map<String, String> values = new HashMap<>();
    if (!Files.exists(file(directory))) {
      return values;
    }
    try {
      JsonNode all = Json.parse(Files.readString(file(directory)));
      all.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file(directory), e);
    }
  }

  private static Path file(Path directory) {
    return directory.resolve("variables.json");
  }
}
