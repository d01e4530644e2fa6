package dev.esteira.access;

import dev.esteira.base.SecretBox;
import dev.esteira.store.Ledger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Secrets that somebody has asked for while working, such as parameters: what they write is to be
 * masked of them from then on. Sealed at rest, until {@link #forget}; durable, thread-safe.
 */
final class HandedSecrets {
  private static final String KIND = "handed-secret";
  private static final int EACH_MAX = 1_000;

  private final Ledger ledger;
  private final SecretBox box;
  private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

  HandedSecrets(Ledger ledger, SecretBox box) {
    this.ledger = ledger;
    this.box = box;
  }

  void add(String name, String secret) {
    known.compute(
        name,
        (_, before) -> {
          Set<String> all = new LinkedHashSet<>(before == null ? load(name) : before);
          if (!all.contains(secret) && all.size() < EACH_MAX) {
            ledger.write(tx -> {
              tx.put(KIND, name + "/" + all.size(), box.seal(secret));
              return true;
            });
            all.add(secret);
          }
          return all;
        });
  }

  /** The same set until there is one more. */
  Set<String> of(String name) {
    return known.computeIfAbsent(name, this::load);
  }

  private Set<String> load(String name) {
    Set<String> all = new LinkedHashSet<>();
    ledger.list(KIND, name + "/").forEach(stored -> all.add(box.open(stored.body())));
    return all;
  }

  void forget(String name) {
    known.remove(name);
    List<Ledger.Stored> stored = ledger.list(KIND, name + "/");
    if (!stored.isEmpty()) {
      ledger.write(tx -> {
        stored.forEach(each -> tx.delete(KIND, each.key()));
        return true;
      });
    }
  }
}
