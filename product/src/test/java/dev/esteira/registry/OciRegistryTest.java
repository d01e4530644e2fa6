package dev.esteira.registry;

import static dev.esteira.registry.TestingRegistry.manifest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Digest;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.registry.Registry.TagMoved;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciRegistryTest {
  private static final String OCI = ManifestDocument.OCI_MANIFEST;
  @TempDir Path root;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private TestingRegistry house;
  private Registry registry;

  @BeforeEach
  void open() {
    house = new TestingRegistry(root, root.resolve("blobs"), 0, clock);
    registry = house.registry;
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void listenersHearWhereATagMovedAndWhoMovedIt() {
    List<TagMoved> heard = new ArrayList<>();
    registry.onTagMoved(event -> {
      throw new IllegalStateException("a broken listener");
    });
    registry.onTagMoved(heard::add);
    byte[] one = manifest(blob("1"));
    byte[] two = manifest(blob("2"));
    registry.putManifest("app", Optional.of("latest"), OCI, one, "job/1");
    registry.putManifest("app", Optional.of("latest"), OCI, one, "job/2");
    registry.putManifest("app", Optional.empty(), OCI, two, "job/3");
    registry.putManifest("app", Optional.of("latest"), OCI, two, "job/4");
    assertEquals(
        List.of(
            new TagMoved("app", "latest", Digest.of(one), "job/1"),
            new TagMoved("app", "latest", Digest.of(two), "job/4")),
        heard);
  }

  @Test
  void movesAtOnceAreHeardInTheOrderInWhichTheyHold() throws Exception {
    List<Digest> heard = Collections.synchronizedList(new ArrayList<>());
    registry.onTagMoved(event -> heard.add(event.digest()));
    List<Future<Digest>> puts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        byte[] bytes = manifest(blob("c" + i));
        puts.add(
            threads.submit(() -> registry.putManifest("app", Optional.of("t"), OCI, bytes, "x")));
      }
    }
    for (Future<Digest> put : puts) {
      put.get();
    }
    assertEquals(50, heard.size());
    assertEquals(heard.getLast(), registry.manifest("app", "t").orElseThrow().digest());
  }

  @Test
  void repositoriesAreMadeOnceAndDeletedWithTheirImages() {
    registry.createRepository("team/app");
    EsteiraException again =
        assertThrows(EsteiraException.class, () -> registry.createRepository("team/app"));
    assertEquals(ErrorCode.CONFLICT, again.code());
    assertThrows(EsteiraException.class, () -> registry.createRepository("Team"));
    registry.putManifest("team/app", Optional.of("v"), OCI, manifest(blob("x")), "admin");
    registry.deleteRepository("team/app");
    assertTrue(registry.repositories().isEmpty());
    assertTrue(registry.manifest("team/app", "v").isEmpty());
    EsteiraException missing =
        assertThrows(EsteiraException.class, () -> registry.deleteRepository("team/app"));
    assertEquals(ErrorCode.NOT_FOUND, missing.code());
  }

  @Test
  void aManifestWithoutItsBlobsIsInvalid() {
    byte[] bytes = manifest(Digest.of("missing".getBytes(UTF_8)));
    EsteiraException refused =
        assertThrows(
            EsteiraException.class,
            () -> registry.putManifest("a", Optional.of("t"), OCI, bytes, "x"));
    assertEquals(ErrorCode.INVALID, refused.code());
  }

  @Test
  void imagesTellTheirTagsInTheOrderOfTheirPushes() {
    byte[] one = manifest(blob("1"));
    byte[] two = manifest(blob("2"), blob("l"));
    registry.putManifest("app", Optional.of("v1"), OCI, one, "x");
    now.set(now.get().plusSeconds(1));
    registry.putManifest("app", Optional.of("v2"), OCI, two, "x");
    registry.putManifest("app", Optional.of("latest"), OCI, two, "x");
    List<Registry.Image> images = registry.images("app");
    assertEquals(List.of("v1"), images.get(0).tags());
    assertEquals(List.of("latest", "v2"), images.get(1).tags());
    assertEquals(110, images.get(1).sizeBytes());
  }

  @Test
  void aSweepTakesOnlyWhatNothingNeedsAndNobodyTouched() {
    Digest shared = blob("shared");
    Digest only = blob("only");
    Digest config = blob("config");
    registry.putManifest("a", Optional.of("t"), OCI, manifest(config, shared), "x");
    registry.putManifest("b", Optional.of("t"), OCI, manifest(config, shared, only), "x");
    registry.deleteRepository("b");
    house.registry.sweep();
    assertTrue(registry.hasBlob(only));
    now.set(now.get().plus(OwnBlobs.GRACE).plusSeconds(1));
    Digest fresh = blob("fresh");
    house.registry.sweep();
    assertFalse(registry.hasBlob(only));
    assertTrue(registry.hasBlob(shared));
    assertTrue(registry.hasBlob(config));
    assertTrue(registry.hasBlob(fresh));
  }

  @Test
  void aBlobThatAPusherWasToldIsHereStaysUntilItsManifestComes() {
    Digest layer = blob("layer");
    now.set(now.get().plus(OwnBlobs.GRACE).plusSeconds(1));
    assertTrue(registry.hasBlob(layer));
    assertEquals(0, house.registry.sweep());
    registry.putManifest("a", Optional.of("t"), OCI, manifest(layer), "x");
    now.set(now.get().plus(OwnBlobs.GRACE).plusSeconds(1));
    assertEquals(0, house.registry.sweep());
  }

  @Test
  void pushesAndSweepsAtOnceLoseNothing() throws Exception {
    // Given blobs that are old enough to be swept and are being pushed again
    for (int i = 0; i < 30; i++) {
      blob("config" + i % 5);
      blob("layer" + i);
    }
    now.updateAndGet(t -> t.plus(OwnBlobs.GRACE).plusSeconds(1));
    List<Future<?>> work = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 30; i++) {
        int number = i;
        work.add(
            threads.submit(() -> {
              byte[] bytes = manifest(blob("config" + number % 5), blob("layer" + number));
              registry.putManifest("a", Optional.of("t" + number), OCI, bytes, "x");
              registry.deleteReference("a", Digest.of(bytes).value());
              registry.putManifest("b", Optional.of("t" + number), OCI, bytes, "x");
            }));
        work.add(threads.submit(house.registry::sweep));
      }
    }
    for (Future<?> done : work) {
      done.get();
    }
    assertEquals(30, registry.images("b").size());
    for (Registry.Image image : registry.images("b")) {
      var kept = registry.manifest("b", image.digest().value()).orElseThrow();
      ManifestDocument.parse(OCI, kept.bytes())
          .blobs()
          .forEach(blob -> assertTrue(registry.hasBlob(blob)));
    }
  }

  private Digest blob(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    registry.putBlob(Digest.of(bytes), new ByteArrayInputStream(bytes));
    return Digest.of(bytes);
  }
}
