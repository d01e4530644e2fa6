package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SSH key pairs by name; only their public halves are kept. Durable, thread-safe. */
public final class KeyPairs {
  private static final String KIND = "key-pair";

  /** A key pair; {@code type} is {@code rsa} or {@code ed25519}. */
  public record KeyPair(
      String name,
      String id,
      String type,
      String fingerprint,
      String publicKey,
      Instant createdAt,
      Map<String, String> tags) {
    public KeyPair {
      tags = Map.copyOf(tags);
    }
  }

  /** A new pair and its private half, which is given out this once. */
  public record Made(KeyPair pair, String privatePem) {}

  private final Ledger ledger;
  private final InstantSource clock;

  KeyPairs(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  public List<KeyPair> all() {
    return ledger.list(KIND, "").stream().map(s -> Json.read(s.body(), KeyPair.class)).toList();
  }

  public Optional<KeyPair> pair(String name) {
    return ledger.get(KIND, name).map(s -> Json.read(s.body(), KeyPair.class));
  }

  Optional<String> publicKey(String name) {
    return pair(name).map(KeyPair::publicKey);
  }

  /** Makes one; {@code CONFLICT} when the name is taken. */
  public Made create(String name, String type, Map<String, String> tags) {
    SshKeys.Generated keys = SshKeys.generate(type, name);
    KeyPair pair = keep(name, type, keys.fingerprint(), keys.publicKey(), tags);
    return new Made(pair, keys.privatePem());
  }

  /** Takes in the public half of one, in any form that EC2 takes. */
  public KeyPair take(String name, String publicKey, Map<String, String> tags) {
    String key = SshKeys.openSsh(publicKey);
    String[] parts = key.split("\\s+");
    String type = parts[0].equals("ssh-ed25519") ? "ed25519" : "rsa";
    return keep(name, type, SshKeys.fingerprint(parts[1]), key, tags);
  }

  private KeyPair keep(
      String name, String type, String fingerprint, String publicKey, Map<String, String> tags) {
    KeyPair pair =
        new KeyPair(
            name,
            "key-0" + Ids.hex(16),
            type,
            fingerprint,
            publicKey.replaceAll("[\\r\\n]", " "),
            clock.instant(),
            tags);
    return ledger.write(tx -> {
      if (tx.get(KIND, name).isPresent()) {
        throw EsteiraException.conflict("The keypair '" + name + "' already exists.");
      }
      tx.put(KIND, name, Json.write(pair));
      return pair;
    });
  }

  /** One that is not there is fine. */
  public void delete(String name) {
    ledger.write(tx -> tx.delete(KIND, name));
  }

  /** Sets and removes tags of the pair with this id; false when there is none. */
  public boolean tag(String id, Map<String, String> set, List<String> removed) {
    Optional<KeyPair> found = all().stream().filter(p -> p.id().equals(id)).findFirst();
    found.ifPresent(pair -> {
      Map<String, String> tags = new HashMap<>(pair.tags());
      removed.forEach(tags::remove);
      tags.putAll(set);
      KeyPair now =
          new KeyPair(
              pair.name(),
              pair.id(),
              pair.type(),
              pair.fingerprint(),
              pair.publicKey(),
              pair.createdAt(),
              tags);
      ledger.write(tx -> {
        tx.put(KIND, pair.name(), Json.write(now));
        return true;
      });
    });
    return found.isPresent();
  }
}
