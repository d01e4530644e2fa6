package dev.esteira.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.base.Digest;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBlobStoreTest extends BlobStoreContract {
  @TempDir Path root;

  @Override
  BlobStore store() {
    return new DiskBlobStore(root, InstantSource.system());
  }

  @Test
  void uploadsThatNobodyTouchesExpire() {
    BlobStore.Upload stale = store().begin();
    InstantSource later =
        () -> InstantSource.system().instant().plus(DiskBlobStore.UPLOAD_IDLE_MAX).plusSeconds(9);
    BlobStore store = new DiskBlobStore(root, later);
    BlobStore.Upload fresh = store.begin();
    assertEquals(Optional.empty(), store.resume(stale.id()));
    assertEquals(0, store.resume(fresh.id()).orElseThrow().size());
  }

  @Test
  void putsLeaveNoTemporaryFiles() throws IOException {
    store().put(stream("x"));
    store().put(stream("x"));
    assertThrows(
        EsteiraException.class, () -> store().put(Digest.of(new byte[0]), stream("wrong")));
    try (Stream<Path> left = Files.list(root.resolve("uploads"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  @Tag("system")
  void aFullDiskIsSaidAndKeepsNothingOfTheBlob() {
    Commands.check(List.of("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", root.toString()));
    try {
      BlobStore store = store();
      Digest earlier = store.put(stream("earlier"));
      EsteiraException full =
          assertThrows(
              EsteiraException.class, () -> store.put(new ByteArrayInputStream(bytes(3, 8 << 20))));
      assertEquals(ErrorCode.LIMIT, full.code());
      assertTrue(full.text().contains("no space left on device"), full.text());
      assertTrue(store.has(earlier));
      assertEquals(List.of(earlier), store.list());
      store.put(new ByteArrayInputStream(bytes(4, 1 << 20)));
    } finally {
      Commands.check(List.of("umount", root.toString()));
    }
  }
}
