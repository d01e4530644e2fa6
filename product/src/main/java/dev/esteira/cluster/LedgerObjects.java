package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The objects, kept in the ledger. Each write is one transaction that decides and records. */
final class LedgerObjects implements Objects {
  private static final int APPLY_TRIES_MAX = 20;

  private final Ledger ledger;
  private final InstantSource clock;
  private final ServiceAddresses addresses;

  LedgerObjects(Ledger ledger, InstantSource clock, ServiceAddresses addresses) {
    this.ledger = ledger;
    this.clock = clock;
    this.addresses = addresses;
  }

  @Override
  public Optional<ObjectNode> get(Kind kind, String namespace, String name) {
    return ledger.get(Keys.ledgerKind(kind), Keys.key(kind, namespace, name)).map(Keys::tree);
  }

  @Override
  public List<ObjectNode> list(Kind kind, Optional<String> namespace) {
    return ledger.list(Keys.ledgerKind(kind), Keys.prefix(kind, namespace)).stream()
        .map(Keys::tree)
        .toList();
  }

  @Override
  public Listing snapshot(Kind kind, Optional<String> namespace) {
    Ledger.Snapshot found = ledger.snapshot(Keys.ledgerKind(kind), Keys.prefix(kind, namespace));
    return new Listing(found.revision(), found.items().stream().map(Keys::tree).toList());
  }

  @Override
  public long revision() {
    return ledger.revision();
  }

  @Override
  public Watch watch(Kind kind, long after) {
    return watch(kind, Optional.empty(), after);
  }

  /** Watches one namespace, or all. */
  Watch watch(Kind kind, Optional<String> namespace, long after) {
    try {
      return new ObjectWatch(
          ledger.watch(Keys.ledgerKind(kind), Keys.prefix(kind, namespace), after));
    } catch (EsteiraException e) {
      throw ObjectWatch.expired(e, after);
    }
  }

  @Override
  public ObjectNode create(Kind kind, ObjectNode object) {
    return create(kind, object, false);
  }

  /** {@code dryRun} does everything but keep it. */
  ObjectNode create(Kind kind, ObjectNode object, boolean dryRun) {
    ObjectNode wanted = Creation.prepare(kind, object, UUID.randomUUID().toString(), now());
    if (get(kind, Trees.namespace(wanted), Trees.name(wanted)).isPresent()) {
      throw ApiException.exists(kind, Trees.name(wanted));
    }
    boolean addressed = kind == Kind.SERVICE && !dryRun;
    if (addressed) {
      ClusterIps.take(addresses, wanted);
    }
    try {
      return write(tx -> Creation.put(tx, kind, wanted), dryRun);
    } catch (RuntimeException e) {
      if (addressed) {
        ClusterIps.release(addresses, wanted);
      }
      throw e;
    }
  }

  @Override
  public ObjectNode update(Kind kind, ObjectNode object) {
    return update(kind, object, Update.Part.SPEC, false);
  }

  @Override
  public ObjectNode updateStatus(Kind kind, ObjectNode object) {
    return update(kind, object, Update.Part.STATUS, false);
  }

  ObjectNode update(Kind kind, ObjectNode object, Update.Part part, boolean dryRun) {
    ObjectNode wanted = Trees.normal(object);
    String namespace = Trees.namespace(wanted);
    String name = Trees.name(wanted);
    if (kind == Kind.SERVICE && part != Update.Part.STATUS && !dryRun) {
      get(kind, namespace, name).ifPresent(old -> ClusterIps.complete(addresses, wanted, old));
    }
    Instant now = now();
    ObjectNode updated =
        write(
            tx -> {
              ObjectNode old =
                  tx.get(Keys.ledgerKind(kind), Keys.key(kind, namespace, name))
                      .map(Keys::tree)
                      .orElseThrow(() -> ApiException.notFound(kind, name));
              return Update.put(tx, kind, old, wanted, part, now);
            },
            dryRun);
    boolean over = Trees.metadata(updated).hasNonNull("deletionTimestamp");
    if (kind == Kind.SERVICE && over && !dryRun && get(kind, namespace, name).isEmpty()) {
      ClusterIps.release(addresses, updated);
    }
    return updated;
  }

  @Override
  public Optional<ObjectNode> apply(
      Kind kind, String namespace, String name, UnaryOperator<ObjectNode> change) {
    ApiException last = null;
    for (int i = 0; i < APPLY_TRIES_MAX; i++) {
      Optional<ObjectNode> old = get(kind, namespace, name);
      if (old.isEmpty()) {
        return Optional.empty();
      }
      ObjectNode wanted = change.apply(old.get().deepCopy());
      Trees.metadata(wanted).set("resourceVersion", old.get().at("/metadata/resourceVersion"));
      try {
        return Optional.of(update(kind, wanted, Update.Part.BOTH, false));
      } catch (ApiException e) {
        if (e.reason() == ApiException.Reason.NOT_FOUND) {
          return Optional.empty();
        }
        if (e.reason() != ApiException.Reason.CONFLICT) {
          throw e;
        }
        last = e;
      }
    }
    throw java.util.Objects.requireNonNull(last);
  }

  @Override
  public Optional<ObjectNode> delete(Kind kind, String namespace, String name, Deletion how) {
    return delete(kind, namespace, name, how, false);
  }

  Optional<ObjectNode> delete(
      Kind kind, String namespace, String name, Deletion how, boolean dryRun) {
    Instant now = now();
    record Outcome(Optional<ObjectNode> object, List<ObjectNode> removed) {}
    Outcome outcome =
        write(
            tx -> {
              Removal removal = new Removal(tx, now);
              return new Outcome(removal.delete(kind, namespace, name, how), removal.removed());
            },
            dryRun);
    if (!dryRun) {
      outcome.removed().stream()
          .filter(o -> Trees.text(o, "kind").equals(Kind.SERVICE.kind()))
          .forEach(s -> ClusterIps.release(addresses, s));
    }
    return outcome.object();
  }

  /** Makes what every cluster has, where it is missing. */
  void bootstrap() {
    for (String name : List.of("default", "kube-system")) {
      if (get(Kind.NAMESPACE, "", name).isEmpty()) {
        ObjectNode namespace = dev.esteira.base.Json.object();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        Trees.metadata(namespace).put("name", name);
        create(Kind.NAMESPACE, namespace);
      }
    }
  }

  private Instant now() {
    return clock.instant();
  }

  /** Carries the result of a transaction out of it without keeping what it did. */
  private static final class DryRun extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Object result;

    DryRun(Object result) {
      super("dry run", null, false, false);
      this.result = result;
    }
  }

  @SuppressWarnings("unchecked")
  private <T> T write(Function<Ledger.Transaction, T> work, boolean dryRun) {
    if (!dryRun) {
      return ledger.write(work);
    }
    try {
      return ledger.write(tx -> {
        throw new DryRun(java.util.Objects.requireNonNull(work.apply(tx)));
      });
    } catch (DryRun done) {
      return (T) done.result;
    }
  }
}
