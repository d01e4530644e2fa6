package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Where the doors of a running house are ({@code endpoints.json}). */
public record Endpoints(
    String version,
    String instance,
    long pid,
    String house,
    String pool,
    String console,
    String git,
    String registry,
    String kubernetes,
    String aws,
    String docker) {

  /** The doors, if the house is up: the file is there and its process lives. */
  public static Optional<Endpoints> read(Home home) {
    try {
      Endpoints endpoints = Json.read(Files.readString(home.endpoints()), Endpoints.class);
      return ProcessHandle.of(endpoints.pid()).filter(ProcessHandle::isAlive).map(p -> endpoints);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw EsteiraException.internal("could not read " + home.endpoints(), e);
    }
  }

  /** The doors, or the failure that says how to open them. */
  public static Endpoints require(Home home) {
    return read(home)
        .orElseThrow(() ->
            new EsteiraException(
                ErrorCode.UNAVAILABLE,
                "no Esteira is running for " + home.root(),
                "./esteira up",
                null));
  }
}
