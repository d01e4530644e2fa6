package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.cluster.control.PodEnvironment.Incomplete;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod's volumes as directories under the home: emptyDir, configMap, secret, downwardAPI and
 * projected ones of these. Paths of the host are never given to pods.
 */
final class PodVolumes {
  private final Path root;
  private final JsonNode pod;
  private final PodEnvironment environment;

  PodVolumes(Path root, JsonNode pod, PodEnvironment environment) {
    this.root = root;
    this.pod = pod;
    this.environment = environment;
  }

  /** The container's mounts in the engine's form {@code HOST:INSIDE[:ro]}, files written. */
  List<String> binds(JsonNode container) throws Incomplete {
    List<String> binds = new ArrayList<>();
    try {
      for (JsonNode mount : container.path("volumeMounts")) {
        String name = mount.path("name").asText("");
        JsonNode volume = volume(name);
        Path directory = Files.createDirectories(root.resolve("volumes").resolve(name));
        boolean writable = fill(volume, directory);
        Path source = inside(directory, mount);
        boolean readOnly = !writable || mount.path("readOnly").asBoolean(false);
        binds.add(source + ":" + mount.path("mountPath").asText("") + (readOnly ? ":ro" : ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the volumes of " + Tree.key(pod), e);
    }
    return binds;
  }

  private JsonNode volume(String name) throws Incomplete {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      if (volume.path("name").asText("").equals(name)) {
        return volume;
      }
    }
    throw new Incomplete("volume \"" + name + "\" is not one of the pod's volumes");
  }

  /** Writes what the volume holds; whether containers may write to it. */
  private boolean fill(JsonNode volume, Path directory) throws Incomplete, IOException {
    if (volume.has("emptyDir")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      return true;
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    collect(volume, files);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      write(directory, file.getKey(), file.getValue());
    }
    return false;
  }

  private void collect(JsonNode source, Map<String, byte[]> files) throws Incomplete {
    if (source.has("configMap")) {
      JsonNode from = source.path("configMap");
      keys(false, from.path("name").asText(""), from, files);
    } else if (source.has("secret")) {
      JsonNode from = source.path("secret");
      keys(true, from.path("secretName").asText(from.path("name").asText("")), from, files);
    } else if (source.has("downwardAPI")) {
      for (JsonNode item : source.path("downwardAPI").path("items")) {
        String value = environment.field(item.path("fieldRef").path("fieldPath").asText(""));
        files.put(item.path("path").asText(""), value.getBytes(StandardCharsets.UTF_8));
      }
    } else if (source.has("projected")) {
      for (JsonNode part : source.path("projected").path("sources")) {
        collect(part, files);
      }
    } else {
      throw new Incomplete(unsupported(source));
    }
  }

  private static String unsupported(JsonNode source) {
    String kind = "of this kind";
    for (Map.Entry<String, JsonNode> field : source.properties()) {
      if (!field.getKey().equals("name")) {
        kind = field.getKey();
      }
    }
    return "volume \""
        + source.path("name").asText("")
        + "\": "
        + kind
        + " volumes are not supported; emptyDir, configMap, secret, downwardAPI and projected are";
  }

  private void keys(boolean secret, String name, JsonNode from, Map<String, byte[]> files)
      throws Incomplete {
    boolean optional = from.path("optional").asBoolean(false);
    Optional<Map<String, byte[]>> data = environment.data(secret, name, optional);
    if (data.isEmpty()) {
      return;
    }
    if (from.path("items").isEmpty()) {
      files.putAll(data.get());
      return;
    }
    for (JsonNode item : from.path("items")) {
      byte[] value = data.get().get(item.path("key").asText(""));
      if (value == null && !optional) {
        throw new Incomplete(
            (secret ? "secret \"" : "configmap \"")
                + name
                + "\" references non-existent key: "
                + item.path("key").asText(""));
      }
      if (value != null) {
        files.put(item.path("path").asText(""), value);
      }
    }
  }

  /** Replaces the file as a whole, so that a reader never sees half of it. */
  private static void write(Path directory, String name, byte[] bytes)
      throws IOException, Incomplete {
    Path file = directory.resolve(name).normalize();
    if (!file.startsWith(directory) || file.equals(directory)) {
      throw new Incomplete("path \"" + name + "\" leads out of its volume");
    }
    Path parent = java.util.Objects.requireNonNull(file.getParent());
    Files.createDirectories(parent);
    Path temporary = Files.createTempFile(parent, ".new", "");
    Files.write(temporary, bytes);
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(
        temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The part of the volume that is mounted; links that lead out of it are refused. */
  private static Path inside(Path directory, JsonNode mount) throws Incomplete, IOException {
    String sub = mount.path("subPath").asText("");
    if (mount.has("subPathExpr")) {
      throw new Incomplete("subPathExpr is not supported");
    }
    if (sub.isEmpty()) {
      return directory;
    }
    Path path = directory.resolve(sub).normalize();
    if (!path.startsWith(directory)) {
      throw new Incomplete("subPath \"" + sub + "\" leads out of its volume");
    }
    if (!Files.exists(path)) {
      Files.createDirectories(path);
    }
    if (!path.toRealPath().startsWith(directory.toRealPath())) {
      throw new Incomplete("subPath \"" + sub + "\" leads out of its volume");
    }
    return path;
  }

  /** Removes the pod's files. */
  static void remove(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove " + root, e);
    }
  }
}
