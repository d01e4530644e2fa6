package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
      return isOurs(home, endpoints.pid()) ? Optional.of(endpoints) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw EsteiraException.internal("could not read " + home.endpoints(), e);
    }
  }

  /**
   * Whether the process lives and serves this home. A killed one stays as a zombie until its parent
   * looks, and its number may be another's tomorrow: so its environment is asked.
   */
  private static boolean isOurs(Home home, long pid) {
    try {
      String environment = Files.readString(Path.of("/proc", Long.toString(pid), "environ"));
      return ("\0" + environment).contains("\0ESTEIRA_HOME=" + home.root() + "\0");
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // A zombie's environment cannot be read; neither can another user's: ask whether it lives.
      return !Files.isReadable(Path.of("/proc", Long.toString(pid), "environ"))
          && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
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
