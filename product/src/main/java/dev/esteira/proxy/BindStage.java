package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a path inside the sandbox into a path that the engine may bind. The engine would follow
 * symbolic links, and a job can swap one in after any check. So the path is opened once, with links
 * resolved as if the owner's directory were the root ({@code openat2}, {@code RESOLVE_IN_ROOT}),
 * and the descriptor, not the path, is bound to a place that no sandbox sees. What the engine gets
 * is that place; nothing done later in the sandbox changes where it leads.
 */
final class BindStage {
  private static final int STAGED_MAX = 1024;
  private static final List<String> SOCKETS =
      List.of("/var/run/docker.sock", "/run/docker.sock", "/run/esteira/docker.sock");

  private final EngineProxy.Owner owner;
  private final Path directory;
  private final Map<String, Path> staged = new HashMap<>();
  private final Map<Path, String> sources = new HashMap<>();

  BindStage(EngineProxy.Owner owner, Path directory) {
    this.owner = owner;
    this.directory = directory;
  }

  /** Where the engine finds what {@code source} means inside; {@code create} makes a directory. */
  synchronized String stage(String source, boolean create) {
    Path inside = Path.of(source).normalize();
    if (SOCKETS.contains(inside.toString())) {
      return bind(owner.socketDirectory(), "docker.sock", source, false);
    }
    EngineProxy.Bind bind =
        owner.binds().stream()
            .filter(b -> inside.startsWith(Path.of(b.inside())))
            .max(Comparator.comparingInt(b -> Path.of(b.inside()).getNameCount()))
            .orElseThrow(() -> refused(source));
    Path rest = Path.of(bind.inside()).relativize(inside);
    return bind(bind.host(), rest.toString(), source, create);
  }

  private EngineError refused(String source) {
    return EngineError.refused(
        "binding '"
            + source
            + "' is refused here: only what lies under "
            + String.join(", ", owner.binds().stream().map(EngineProxy.Bind::inside).toList())
            + " can be mounted into containers");
  }

  private String bind(Path root, String rest, String source, boolean create) {
    try (Kernel.Descriptor file = open(root, rest, source, create)) {
      String identity = file.identity();
      Path known = staged.get(identity);
      if (known != null) {
        return known.toString();
      }
      if (staged.size() >= STAGED_MAX) {
        throw EngineError.invalid("more than " + STAGED_MAX + " different paths were mounted");
      }
      Path place = directory.resolve(Ids.random(12));
      Files.createDirectories(directory);
      if (file.isDirectory()) {
        Files.createDirectory(place);
      } else {
        Files.createFile(place);
      }
      file.bindTo(place);
      staged.put(identity, place);
      sources.put(place, source);
      return place.toString();
    } catch (IOException e) {
      throw new EngineError(500, "could not prepare the mount of '" + source + "': " + e);
    }
  }

  private static Kernel.Descriptor open(Path root, String rest, String source, boolean create)
      throws IOException {
    try (Kernel.Descriptor top = Kernel.open(root)) {
      Optional<Kernel.Descriptor> found = top.openInRoot(rest);
      if (found.isEmpty() && create) {
        found = top.createDirectories(rest);
      }
      return found.orElseThrow(() ->
          EngineError.invalid(
              "invalid mount config for type \"bind\": bind source path does not exist: "
                  + source));
    }
  }

  /** A tree of the engine with the paths that the owner wrote, where it has staged ones. */
  synchronized JsonNode shown(JsonNode node) {
    String text = Json.write(node);
    if (!text.contains(directory.toString())) {
      return node;
    }
    for (Map.Entry<Path, String> place : sources.entrySet()) {
      String quoted = Json.write(place.getValue());
      text = text.replace(place.getKey().toString(), quoted.substring(1, quoted.length() - 1));
    }
    return Json.parse(text);
  }

  /** Ends all binds that are staged here, those from before a restart too. */
  synchronized void close() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8)) {
      Path place = Path.of(line.split(" ")[1].replace("\\040", " "));
      if (place.startsWith(directory)) {
        Kernel.unmount(place);
      }
    }
    staged.clear();
    sources.clear();
    if (Files.isDirectory(directory)) {
      try (var places = Files.list(directory)) {
        for (Path place : places.toList()) {
          // Not recursive: what could not be unmounted must never be emptied.
          Files.deleteIfExists(place);
        }
      }
      Files.deleteIfExists(directory);
    }
  }
}
