package dev.esteira.pipeline;

import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What jobs stand in line for within one transaction: the slots of the home, and the resource
 * groups of projects. First come, first served.
 */
final class Lines {
  private final Ledger.Transaction tx;
  private final RunLimits limits;
  private final Instant now;
  private final Set<String> resources = new HashSet<>();
  private boolean slots;

  Lines(Ledger.Transaction tx, RunLimits limits, Instant now) {
    this.tx = tx;
    this.limits = limits;
    this.now = now;
  }

  /** Whether somebody may have got something to have. */
  boolean changed() {
    return slots || !resources.isEmpty();
  }

  void enqueue(String jobId) {
    tx.put(Kinds.QUEUE, Kinds.padded(tx.next(Kinds.QUEUE)), jobId);
    slots = true;
  }

  void dequeue(String jobId) {
    leave(Kinds.QUEUE, "", jobId);
  }

  void releaseSlot(String jobId) {
    tx.delete(Kinds.SLOT, jobId);
    slots = true;
  }

  void claim(String resource, String jobId) {
    String number = Kinds.padded(tx.next(Kinds.RESOURCE_LINE));
    tx.put(Kinds.RESOURCE_LINE, resource + " " + number, jobId);
    resources.add(resource);
  }

  void release(Optional<String> resource, String jobId) {
    if (resource.isEmpty()) {
      return;
    }
    leave(Kinds.RESOURCE_LINE, resource.get() + " ", jobId);
    boolean held =
        tx.get(Kinds.RESOURCE, resource.get()).map(s -> s.body().equals(jobId)).orElse(false);
    if (held) {
      tx.delete(Kinds.RESOURCE, resource.get());
      resources.add(resource.get());
    }
  }

  private void leave(String kind, String prefix, String jobId) {
    tx.list(kind, prefix).stream()
        .filter(entry -> entry.body().equals(jobId))
        .forEach(entry -> tx.delete(kind, entry.key()));
  }

  /** The jobs that now have their resource. */
  List<String> giveResources() {
    List<String> given = new ArrayList<>();
    for (String resource : resources) {
      List<Ledger.Stored> line = tx.list(Kinds.RESOURCE_LINE, resource + " ");
      if (tx.get(Kinds.RESOURCE, resource).isEmpty() && !line.isEmpty()) {
        Ledger.Stored first = line.getFirst();
        tx.delete(Kinds.RESOURCE_LINE, first.key());
        tx.put(Kinds.RESOURCE, resource, first.body());
        given.add(first.body());
      }
    }
    resources.clear();
    return given;
  }

  /** The jobs that now have a slot. */
  List<String> giveSlots() {
    if (!slots) {
      return List.of();
    }
    slots = false;
    int free = limits.jobsAtOnceMax() - tx.list(Kinds.SLOT, "").size();
    List<String> given = new ArrayList<>();
    for (Ledger.Stored waiting :
        tx.list(Kinds.QUEUE, "").stream().limit(Math.max(0, free)).toList()) {
      tx.delete(Kinds.QUEUE, waiting.key());
      tx.put(Kinds.SLOT, waiting.body(), now.toString());
      given.add(waiting.body());
    }
    return given;
  }
}
