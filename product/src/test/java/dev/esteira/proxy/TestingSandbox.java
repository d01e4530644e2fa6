package dev.esteira.proxy;

import java.nio.file.Path;
import java.util.Set;

/** An owner with a container {@code mine}, a network {@code my-net}, an image {@code app}. */
final class TestingSandbox implements Sandbox {
  @Override
  public String image(String reference) {
    return known(reference, Set.of("app"), "est-1-k/app:latest");
  }

  @Override
  public String container(String reference) {
    return known(reference, Set.of("mine"), "c0ffee");
  }

  @Override
  public String network(String reference) {
    return known(reference, Set.of("my-net"), "est-1-k-my-net");
  }

  @Override
  public String volume(String name) {
    return "est-1-k-" + name;
  }

  @Override
  public String bind(String source, boolean create) {
    Path path = Path.of(source).normalize();
    if (path.startsWith("/work") || path.equals(Path.of("/var/run/docker.sock"))) {
      return "/staged" + path;
    }
    throw EngineError.refused(source);
  }

  @Override
  public String gateway() {
    return "10.9.8.1";
  }

  private static String known(String reference, Set<String> own, String engine) {
    if (!own.contains(reference)) {
      throw EngineError.notFound(reference);
    }
    return engine;
  }
}
