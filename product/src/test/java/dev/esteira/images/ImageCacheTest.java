package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {
  private static final ImageRecipe RECIPE = ImageRecipe.PYTHON;
  @TempDir Path directory;

  @Test
  void whatWasKeptIsFoundAgainByItsHash() {
    ImageCache cache = new ImageCache(directory);
    assertTrue(cache.find(RECIPE, "aa").isEmpty());
    MadeImage made = cache.keep(RECIPE, "aa", path -> write(path, "root"));
    MadeImage found = new ImageCache(directory).find(RECIPE, "aa").orElseThrow();
    assertEquals(made, found);
    assertEquals(made.id(), found.id());
    assertEquals(Digest.of("root".getBytes(StandardCharsets.UTF_8)), found.layerDigest());
    assertTrue(cache.find(RECIPE, "bb").isEmpty());
  }

  @Test
  void aTarThatIsNotWholeOrFailedIsNotFound() {
    ImageCache cache = new ImageCache(directory);
    assertThrows(
        IllegalStateException.class,
        () ->
            cache.keep(
                RECIPE,
                "aa",
                path -> {
                  write(path, "half");
                  throw new IllegalStateException("the maker failed");
                }));
    assertTrue(cache.find(RECIPE, "aa").isEmpty());
    MadeImage made = cache.keep(RECIPE, "aa", path -> write(path, "whole"));
    write(made.layer(), "cut");
    assertTrue(cache.find(RECIPE, "aa").isEmpty());
  }

  @Test
  void oldMakingsAreDropped() throws IOException {
    ImageCache cache = new ImageCache(directory);
    for (String hash : List.of("a", "b", "c", "d", "e")) {
      MadeImage made = cache.keep(RECIPE, hash, path -> write(path, hash));
      Files.setLastModifiedTime(made.layer(), FileTime.fromMillis(1000L * hash.charAt(0)));
    }
    try (var files = Files.list(directory)) {
      assertTrue(files.count() <= 8);
    }
    assertTrue(cache.find(RECIPE, "e").isPresent());
    assertTrue(cache.find(RECIPE, "a").isEmpty());
  }

  @Test
  void oneAtATimeMakesAnImage() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ImageCache cache = new ImageCache(directory);
      for (int i = 0; i < 20; i++) {
        all.add(
            threads.submit(() ->
                cache.alone(
                    RECIPE,
                    () -> {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      return inside.decrementAndGet();
                    })));
      }
    }
    for (Future<?> one : all) {
      one.get();
    }
    assertEquals(1, most.get());
  }

  @Test
  void theSavedFormHoldsConfigAndLayerUnderTheirDigests() throws IOException {
    ImageCache cache = new ImageCache(directory);
    MadeImage image = cache.keep(RECIPE, "aa", path -> write(path, "root"));
    Map<String, byte[]> entries = new TreeMap<>();
    try (InputStream saved = SavedImage.of(image);
        TarArchiveInputStream tar = new TarArchiveInputStream(saved)) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), tar.readAllBytes());
      }
    }
    var index = Json.parse(entries.get("manifest.json")).get(0);
    byte[] config = entries.get(index.get("Config").asText());
    byte[] layer = entries.get(index.get("Layers").get(0).asText());
    assertEquals(image.id(), Digest.of(config));
    assertEquals(image.layerDigest(), Digest.of(layer));
    assertEquals(image.layerDigest().value(), Json.parse(config).at("/rootfs/diff_ids/0").asText());
    assertEquals(image.id().value(), Json.parse(image.manifest()).at("/config/digest").asText());
  }

  @Test
  void theHashTellsRecipesApart() {
    RecipeFiles files = RecipeFiles.read();
    assertEquals(files.hash(RECIPE), RecipeFiles.read().hash(RECIPE));
    assertNotEquals(files.hash(RECIPE), files.hash(ImageRecipe.STANDARD));
    Map<String, byte[]> changed = new TreeMap<>(files.files());
    changed.put("aws.sh", new byte[] {1});
    assertEquals(files.hash(RECIPE), new RecipeFiles(changed).hash(RECIPE));
    assertNotEquals(
        files.hash(ImageRecipe.STANDARD), new RecipeFiles(changed).hash(ImageRecipe.STANDARD));
    changed.put("ca-certificates.crt", new byte[] {1});
    assertNotEquals(files.hash(RECIPE), new RecipeFiles(changed).hash(RECIPE));
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
