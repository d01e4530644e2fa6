package dev.esteira.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Digest;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every blob store promises. */
abstract class BlobStoreContract {
  /** A store on the same bytes each time: as after a restart. */
  abstract BlobStore store();

  @Test
  void keepsBytesUnderTheirDigest() throws IOException {
    byte[] bytes = bytes(1, 700_000);
    Digest digest = store().put(new ByteArrayInputStream(bytes));
    assertEquals(Digest.of(bytes), digest);
    BlobStore again = store();
    assertTrue(again.has(digest));
    assertEquals(Optional.of(700_000L), again.size(digest));
    assertArrayEquals(bytes, read(again, digest, 0));
    assertEquals(700_000 - 699_990, read(again, digest, 699_990).length);
    assertEquals(List.of(digest), again.list());
  }

  @Test
  void keepsTheEmptyBlobAndPutsTwiceAreFine() {
    Digest empty = Digest.of(new byte[0]);
    store().put(empty, InputStream.nullInputStream());
    store().put(empty, InputStream.nullInputStream());
    assertEquals(Optional.of(0L), store().size(empty));
  }

  @Test
  void refusesBytesOfAnotherDigestAndKeepsNothing() {
    Digest other = Digest.of("other".getBytes(UTF_8));
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> store().put(other, stream("bytes")));
    assertEquals(ErrorCode.INVALID, refused.code());
    assertEquals(List.of(), store().list());
  }

  @Test
  void missingBlobsAreNotFound() {
    Digest none = Digest.of("none".getBytes(UTF_8));
    assertFalse(store().has(none));
    assertEquals(Optional.empty(), store().size(none));
    assertEquals(Optional.empty(), store().file(none));
    assertFalse(store().delete(none));
    EsteiraException missing = assertThrows(EsteiraException.class, () -> store().open(none, 0));
    assertEquals(ErrorCode.NOT_FOUND, missing.code());
  }

  @Test
  void deletesAndKeepsAgain() {
    Digest digest = store().put(stream("x"));
    assertTrue(store().delete(digest));
    assertFalse(store().has(digest));
    assertEquals(digest, store().put(stream("x")));
    assertTrue(store().has(digest));
  }

  @Test
  void anUploadGoesOnAfterARestart() {
    byte[] bytes = bytes(2, 900_001);
    BlobStore.Upload upload = store().begin();
    assertEquals(500_000, upload.append(new ByteArrayInputStream(bytes, 0, 500_000)));
    BlobStore.Upload resumed = store().resume(upload.id()).orElseThrow();
    assertEquals(500_000, resumed.size());
    assertEquals(900_001, resumed.append(new ByteArrayInputStream(bytes, 500_000, 400_001)));
    assertFalse(store().has(Digest.of(bytes)));
    resumed.commit(Digest.of(bytes));
    assertEquals(Optional.of(900_001L), store().size(Digest.of(bytes)));
    assertEquals(Optional.empty(), store().resume(upload.id()));
  }

  @Test
  void aSenderThatBreaksOffLeavesWhatCame() {
    BlobStore store = store();
    BlobStore.Upload upload = store.begin();
    InputStream broken =
        new InputStream() {
          private int left = 1000;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("reset");
            }
            return 'a';
          }

          @Override
          public int read(byte[] to, int from, int count) throws IOException {
            to[from] = (byte) read();
            return 1;
          }
        };
    EsteiraException failure = assertThrows(EsteiraException.class, () -> upload.append(broken));
    assertEquals(ErrorCode.UNAVAILABLE, failure.code());
    assertEquals(1000, store.resume(upload.id()).orElseThrow().size());
  }

  @Test
  void aCommitOfAnotherDigestEndsTheUpload() {
    BlobStore store = store();
    BlobStore.Upload upload = store.begin();
    upload.append(stream("abc"));
    assertThrows(EsteiraException.class, () -> upload.commit(Digest.of(new byte[0])));
    assertEquals(Optional.empty(), store.resume(upload.id()));
    assertEquals(List.of(), store.list());
  }

  @Test
  void anAbortedUploadIsGoneAndStrangeIdsAreUnknown() {
    BlobStore store = store();
    BlobStore.Upload upload = store.begin();
    upload.abort();
    assertEquals(Optional.empty(), store.resume(upload.id()));
    assertEquals(Optional.empty(), store.resume("../sha256"));
    assertEquals(Optional.empty(), store.resume(""));
  }

  @Test
  void concurrentPutsOfTheSameAndOfOtherBytesAllHold() throws Exception {
    BlobStore store = store();
    Set<Digest> expected = new HashSet<>();
    List<Future<Digest>> puts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        byte[] bytes = bytes(i % 8, 10_000);
        expected.add(Digest.of(bytes));
        puts.add(threads.submit(() -> store.put(new ByteArrayInputStream(bytes))));
      }
    }
    Set<Digest> put = new HashSet<>();
    for (Future<Digest> done : puts) {
      put.add(done.get());
    }
    assertEquals(expected, put);
    assertEquals(expected, new HashSet<>(store.list()));
  }

  static byte[] bytes(int seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static byte[] read(BlobStore store, Digest digest, long offset) throws IOException {
    try (InputStream in = store.open(digest, offset)) {
      return in.readAllBytes();
    }
  }
}
