package dev.esteira.proxy;

import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the door must remember of an owner and the engine cannot: the owner itself, its key, and the
 * registry digests of its images (the engine learns none from a push that it did not make).
 */
final class Notes {
  private static final String OWNER_KIND = "proxy-owner";
  private static final String DIGEST_KIND = "proxy-digest";
  private static final String LAYER_KIND = "proxy-layer-size";

  /** An owner with the random key that its names carry: nobody else can guess those names. */
  record Known(String key, EngineProxy.Owner owner) {}

  /** {@code name@sha256:…} as inspect shows it. */
  record RepoDigests(List<String> names) {
    RepoDigests {
      names = List.copyOf(names);
    }
  }

  private final Ledger ledger;

  Notes(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Remembers the owner as it is now; the key of one already known stays. */
  Known remember(EngineProxy.Owner owner, String newKey) {
    return ledger.write(transaction -> {
      String key =
          transaction
              .get(OWNER_KIND, owner.owner())
              .map(stored -> Json.read(stored.body(), Known.class).key())
              .orElse(newKey);
      Known known = new Known(key, owner);
      transaction.put(OWNER_KIND, owner.owner(), Json.write(known));
      return known;
    });
  }

  Optional<Known> known(String owner) {
    return ledger.get(OWNER_KIND, owner).map(s -> Json.read(s.body(), Known.class));
  }

  List<Known> all() {
    return ledger.list(OWNER_KIND, "").stream()
        .map(stored -> Json.read(stored.body(), Known.class))
        .toList();
  }

  void forget(Known known) {
    ledger.write(transaction -> {
      transaction.delete(OWNER_KIND, known.owner().owner());
      for (Ledger.Stored stored : transaction.list(DIGEST_KIND, known.key() + "/")) {
        transaction.delete(DIGEST_KIND, stored.key());
      }
      return true;
    });
  }

  /** Remembers that the image is {@code repository@digest} in a registry. */
  void addDigest(String key, String imageId, String repository, String digest) {
    String name = repository + "@" + digest;
    String object = key + "/" + NameTranslation.hex(imageId);
    if (digests(key, imageId).contains(name)) {
      return;
    }
    ledger.write(transaction -> {
      List<String> names =
          new ArrayList<>(
              transaction
                  .get(DIGEST_KIND, object)
                  .map(stored -> Json.read(stored.body(), RepoDigests.class).names())
                  .orElse(List.of()));
      names.add(name);
      transaction.put(DIGEST_KIND, object, Json.write(new RepoDigests(names)));
      return true;
    });
  }

  /** The size of a layer's plain tar in our registry, once it has been counted. */
  Optional<Long> layerSize(Digest diffId) {
    return ledger.get(LAYER_KIND, diffId.hex()).map(stored -> Long.valueOf(stored.body()));
  }

  void setLayerSize(Digest diffId, long sizeBytes) {
    ledger.write(transaction -> {
      transaction.put(LAYER_KIND, diffId.hex(), Long.toString(sizeBytes));
      return true;
    });
  }

  List<String> digests(String key, String imageId) {
    return ledger
        .get(DIGEST_KIND, key + "/" + NameTranslation.hex(imageId))
        .map(stored -> Json.read(stored.body(), RepoDigests.class).names())
        .orElse(List.of());
  }
}
