package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Lines about a start, in a file that {@code up} reads aloud. */
final class StartProgress implements Consumer<String> {
  private final Path file;

  StartProgress(Home home) {
    this.file = home.run().resolve("progress");
  }

  @Override
  public void accept(String line) {
    try {
      Files.write(
          file,
          (line + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw EsteiraException.internal("could not write " + file, e);
    }
  }
}
