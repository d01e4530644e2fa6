package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads layers from what {@code docker save} gives: slower than {@link OverlayLayers}, but any
 * engine can do it. One save is spooled for the layers of one image and deleted with this object.
 */
final class SavedLayers implements LayerSource, AutoCloseable {
  private static final int CONFIG_BYTES_MAX = 8 << 20;

  private final Engine engine;
  private final Path directory;
  private final Map<String, Path> files = new HashMap<>();

  SavedLayers(Engine engine, Path directory) {
    this.engine = engine;
    this.directory = directory;
  }

  @Override
  public byte[] config(String imageId) throws IOException {
    Path file = saved(imageId, "Config", 0);
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(CONFIG_BYTES_MAX);
    }
  }

  @Override
  public InputStream layer(String imageId, List<Digest> diffIds) throws IOException {
    return Files.newInputStream(saved(imageId, "Layers", diffIds.size() - 1));
  }

  private Path saved(String imageId, String field, int index) throws IOException {
    if (files.isEmpty()) {
      spool(imageId);
    }
    JsonNode manifest = Json.parse(Files.readAllBytes(file("manifest.json"))).path(0);
    JsonNode named = manifest.path(field);
    return file(named.isArray() ? named.path(index).asText() : named.asText());
  }

  private Path file(String name) throws IOException {
    Path file = files.get(name);
    if (file == null) {
      throw new IOException("the engine saved no '" + name + "' with the image");
    }
    return file;
  }

  private void spool(String imageId) throws IOException {
    Files.createDirectories(directory);
    Map<String, String> links = new HashMap<>();
    try (Engine.Answer answer =
        engine.send("GET", "/images/" + imageId + "/get", List.of(), EngineCalls.none())) {
      EngineCalls.check(answer);
      TarArchiveInputStream tar = new TarArchiveInputStream(answer.in(), "UTF-8");
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        if (e.isSymbolicLink()) {
          // The same layer twice; the link is relative to its own directory.
          Path target = Path.of(e.getName()).resolveSibling(e.getLinkName()).normalize();
          links.put(e.getName(), target.toString());
        } else if (e.isFile()) {
          Path file = Files.createTempFile(directory, "saved", "");
          files.put(e.getName(), file);
          try (OutputStream out = Files.newOutputStream(file)) {
            tar.transferTo(out);
          }
        }
      }
    }
    links.forEach((name, target) -> {
      Path file = files.get(target);
      if (file != null) {
        files.put(name, file);
      }
    });
  }

  @Override
  public void close() throws IOException {
    for (Path file : files.values()) {
      Files.deleteIfExists(file);
    }
    files.clear();
  }
}
