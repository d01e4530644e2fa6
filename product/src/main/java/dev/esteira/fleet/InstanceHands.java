package dev.esteira.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.proxy.EngineProxy;
import dev.esteira.store.Hands;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Does for instances on this machine what {@link LifeMachine} decides. */
final class InstanceHands implements Hands<LifeCommand> {
  private static final Logger LOG = Logger.getLogger(InstanceHands.class.getName());
  private static final Set<String> RESTARTS = Set.of("always", "unless-stopped");

  private final Ground ground;
  private final InstanceBook book;
  private final MachineImages images;
  private final KeyPairs keys;
  private final PublicAddresses addresses;
  private final InitWatch watch;
  private final PortRedirects ports;

  InstanceHands(
      Ground ground,
      InstanceBook book,
      MachineImages images,
      KeyPairs keys,
      PublicAddresses addresses,
      InitWatch watch,
      PortRedirects ports) {
    this.ground = ground;
    this.book = book;
    this.images = images;
    this.keys = keys;
    this.addresses = addresses;
    this.watch = watch;
    this.ports = ports;
  }

  @Override
  public void carryOut(String id, LifeCommand command) {
    switch (command) {
      case LifeCommand.Boot c -> boot(id, c.boot());
      case LifeCommand.Halt c -> halt(id, c.boot());
      case LifeCommand.Sweep _ -> new Box(ground, id).haltChildren();
      case LifeCommand.Clear _ -> clear(id);
      case LifeCommand.Forget _ -> book.forget(id);
      case LifeCommand.Later _ -> throw new IllegalStateException("the host keeps timers");
    }
  }

  @Override
  public void gaveUp(String id, LifeCommand command, Exception cause) {
    LOG.log(Level.WARNING, "gave up " + command + " of " + id, cause);
    switch (command) {
      case LifeCommand.Boot c -> {
        String why = cause instanceof EsteiraException known ? known.text() : cause.toString();
        book.deliver(id, new LifeEvent.BootFailed(c.boot(), why));
      }
      case LifeCommand.Halt _, LifeCommand.Clear _ -> deliverIfKnown(id, new LifeEvent.EndFailed());
      case LifeCommand.Sweep _, LifeCommand.Forget _, LifeCommand.Later _ -> {
        // What a dead init left is ended with the instance; a name too many does no harm.
      }
    }
  }

  private void boot(String id, int boot) {
    Optional<Life> found = book.life(id);
    if (found.isEmpty() || found.get().boot() != boot || !shouldRun(found.get())) {
      return;
    }
    Life life = found.get();
    Box box = new Box(ground, id);
    MachineImage image = images.require(life.template().imageId());
    new GivenFiles(ground, box.directory())
        .write(life, image, life.template().keyName().flatMap(keys::publicKey));
    JsonNode made = box.make(life, images.engineImage(image.id()));
    boolean fresh = !Box.runs(made);
    ground.proxy().open(owner(life, box, made));
    box.start();
    JsonNode running = box.running();
    String holder = Life.holder(id);
    ground.vpcs().plug(holder, Box.pid(running));
    addresses.restore(life);
    if (fresh) {
      restartChildren(box);
    }
    ports.renew(id);
    book.deliver(id, new LifeEvent.Booted(boot));
    watch.begin(id, boot, running.path("Id").asText());
  }

  private static boolean shouldRun(Life life) {
    return life.phase() == Life.Phase.PENDING || life.phase() == Life.Phase.RUNNING;
  }

  /** Its containers share its network, see its files, and count among its processes. */
  private EngineProxy.Owner owner(Life life, Box box, JsonNode container) {
    List<EngineProxy.Bind> binds =
        Box.root(container).map(root -> new EngineProxy.Bind("/", root)).stream().toList();
    return new EngineProxy.Owner(
        Life.holder(life.id()),
        box.directory(),
        "container:" + container.path("Id").asText(),
        binds,
        "",
        Optional.of(dev.esteira.engine.EngineHost.cgroupParent(ground.home()) + "/" + life.id()));
  }

  /** A machine that boots starts again what was to be restarted, as its Docker would. */
  private void restartChildren(Box box) {
    for (JsonNode child : box.children()) {
      String childId = child.path("Id").asText();
      Optional<JsonNode> known = ground.engine().inspectContainer(childId);
      String policy =
          known
              .map(c -> c.path("HostConfig").path("RestartPolicy").path("Name").asText())
              .orElse("");
      if (RESTARTS.contains(policy)) {
        try {
          ground.engine().startContainer(childId);
        } catch (EsteiraException e) {
          LOG.log(Level.INFO, "could not start " + childId + " again: " + e.text());
        }
      } else if (known
          .map(c -> c.path("HostConfig").path("AutoRemove").asBoolean())
          .orElse(false)) {
        ground.engine().removeContainer(childId);
      }
    }
  }

  private void halt(String id, int boot) {
    watch.end(id);
    Box box = new Box(ground, id);
    box.haltChildren();
    box.halt();
    if (book.life(id).map(life -> life.phase() == Life.Phase.STOPPING).orElse(false)) {
      addresses.pause(id);
    }
    deliverIfKnown(id, new LifeEvent.Halted(boot));
  }

  private void clear(String id) {
    watch.end(id);
    Box box = new Box(ground, id);
    box.haltChildren();
    box.halt();
    ground.proxy().close(Life.holder(id));
    box.remove();
    ports.forget(id);
    addresses.leave(id);
    ground.vpcs().release(Life.holder(id));
    ground.access().revoke(new Access.Principal(Life.holder(id), Optional.empty()));
    new GivenFiles(ground, box.directory()).delete();
    deliverIfKnown(id, new LifeEvent.Cleared());
  }

  private void deliverIfKnown(String id, LifeEvent event) {
    try {
      book.deliver(id, event);
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }
}
