package dev.esteira.fleet;

import dev.esteira.store.Ledger;
import dev.esteira.store.MachineHost;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The machines of all instances, and who wants to hear of them. */
final class InstanceBook implements AutoCloseable {
  static final String KIND = "instance";
  private static final String TOKEN_KIND = "instance-token";
  private static final MachineHost.Retry RETRY = new MachineHost.Retry(6, 200, 5_000);

  private final Ledger ledger;
  private final MachineHost<Life, LifeEvent, LifeCommand> host;
  private final List<Consumer<Life>> listeners = new CopyOnWriteArrayList<>();

  InstanceBook(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.host =
        new MachineHost<>(
            ledger,
            KIND,
            new LifeMachine(),
            new MachineHost.Types<>(Life.class, LifeEvent.class, LifeCommand.class),
            clock,
            RETRY);
  }

  void start(InstanceHands hands) {
    host.start(hands);
  }

  void listen(Consumer<Life> listener) {
    listeners.add(listener);
  }

  Optional<Life> life(String id) {
    return host.state(id);
  }

  Collection<Life> all() {
    return host.states("").values();
  }

  /** The instance that this token has made, else the new one. */
  Life enter(Life fresh) {
    return ledger.write(tx -> {
      Optional<Life> known =
          tx.get(TOKEN_KIND, fresh.token())
              .flatMap(stored -> tx.get(KIND, stored.body()))
              .map(stored -> dev.esteira.store.StateJson.read(stored.body(), Life.class));
      if (known.isPresent()) {
        return known.get();
      }
      host.create(tx, fresh.id(), fresh);
      tx.put(TOKEN_KIND, fresh.token(), fresh.id());
      return fresh;
    });
  }

  Life deliver(String id, LifeEvent event) {
    Life life = host.deliver(id, event);
    tell(life);
    return life;
  }

  void tell(Life life) {
    if (life.phase() != Life.Phase.CLAIMED) {
      listeners.forEach(listener -> listener.accept(life));
    }
  }

  void forget(String id) {
    Optional<Life> life = host.state(id);
    host.forget(id);
    life.ifPresent(known -> ledger.write(tx -> tx.delete(TOKEN_KIND, known.token())));
  }

  boolean awaitIdle(long waitMillis) throws InterruptedException {
    return host.awaitIdle(waitMillis);
  }

  @Override
  public void close() {
    host.close();
  }
}
