package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Ids;
import dev.esteira.engine.Engine;
import dev.esteira.engine.EngineHost;
import dev.esteira.http.Handler;
import dev.esteira.http.HttpServer;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine proxy over one engine: a unix socket for each owner, behind it an {@link OwnerDoor}.
 * Owners and their keys are in the ledger; whose an image, a container, a network or a volume is,
 * the engine itself knows, by its name or label. Thread-safe.
 */
public final class ScopedEngineProxy implements EngineProxy, AutoCloseable {
  private static final int KEY_CHARACTERS = 12;
  private static final long MEMORY_BYTES_MAX = 8L << 30;
  private static final long PIDS_MAX = 4096;

  /** The newest Engine API that this proxy speaks; an older engine's own version goes before it. */
  private static final int MINOR_MAX = 41;

  private record Open(Owner owner, HttpServer server, OwnerDoor door, Optional<TcpDoor> tcp) {
    void closeServers() {
      server.close();
      tcp.ifPresent(TcpDoor::close);
    }
  }

  private record Facts(String apiVersion, boolean cgroupfs, Optional<OverlayLayers> overlay) {}

  private volatile @Nullable Facts facts;
  private final Home home;
  private final Notes notes;
  private final KeptImages kept;
  private final Function<Handler, HttpServer> servers;
  private final Engine engine;
  private final Registry registry;
  private final Access access;
  private final String house;
  private final Substitutes substitutes;
  private volatile PublishListener publishing = (_, _) -> {};
  private final ReentrantLock loading = new ReentrantLock();
  private final ConcurrentHashMap<String, Open> open = new ConcurrentHashMap<>();

  /** The same, where nothing stands in for images that cannot be had. */
  public ScopedEngineProxy(
      Home home,
      Ledger ledger,
      Function<Handler, HttpServer> servers,
      Engine engine,
      Registry registry,
      Access access,
      String house) {
    this(home, ledger, servers, engine, registry, access, house, Substitutes.NONE);
  }

  /**
   * Wires it.
   *
   * @param servers makes a server around a handler
   * @param house host:port of our own registry, as images are named by it
   * @param substitutes what does for images that cannot be had
   */
  public ScopedEngineProxy(
      Home home,
      Ledger ledger,
      Function<Handler, HttpServer> servers,
      Engine engine,
      Registry registry,
      Access access,
      String house,
      Substitutes substitutes) {
    this.home = home;
    this.notes = new Notes(ledger);
    this.kept = new KeptImages(ledger, new EngineCalls(engine), home.id());
    this.servers = servers;
    this.engine = engine;
    this.registry = registry;
    this.access = access;
    this.house = house;
    this.substitutes = substitutes;
  }

  @Override
  public void open(Owner owner) {
    open.compute(
        owner.owner(),
        (_, known) -> {
          if (known != null && known.owner().equals(owner)) {
            return known;
          }
          if (known != null) {
            known.closeServers();
          }
          boolean again = notes.known(owner.owner()).isPresent();
          Open begun = start(notes.remember(owner, Ids.random(KEY_CHARACTERS)));
          if (again) {
            begun.door().wasUsed();
          }
          return begun;
        });
  }

  private Open start(Notes.Known known) {
    OwnerDoor door = door(known);
    HttpServer server = servers.apply(door);
    try {
      Files.createDirectories(known.owner().socketDirectory());
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + known.owner().socketDirectory(), e);
    }
    server.listenUnix(known.owner().socketDirectory().resolve("docker.sock"));
    return new Open(known.owner(), server, door, Optional.empty());
  }

  @Override
  public void onPublish(PublishListener listener) {
    publishing = listener;
  }

  @Override
  public void listen(String owner, Tcp tcp) {
    open.computeIfPresent(
        owner,
        (_, known) -> {
          if (known.tcp().filter(door -> door.tcp().equals(tcp)).isPresent()) {
            return known;
          }
          known.tcp().ifPresent(TcpDoor::close);
          TcpDoor door = new TcpDoor(servers, tcp, owner, known.door());
          return new Open(known.owner(), known.server(), known.door(), Optional.of(door));
        });
  }

  private OwnerDoor door(Notes.Known known) {
    Owner owner = known.owner();
    String prefix = "est-" + home.id() + "-" + known.key();
    Path directory = home.proxy().resolve(known.key());
    Scope scope =
        new Scope(
            owner,
            known.key(),
            new NameTranslation(prefix, owner.network()),
            new EngineCalls(engine),
            registry,
            access,
            notes,
            house,
            loading,
            directory,
            substitutes,
            ports -> publishing.published(owner.owner(), ports));
    Optional<String> cgroup =
        owner
            .cgroupParent()
            .or(() -> Optional.of(EngineHost.cgroupParent(home) + "/" + known.key()))
            .filter(_ -> facts().cgroupfs());
    ContainerRules rules =
        new ContainerRules(
            owner.owner(), owner.network(), owner.dns(), cgroup, MEMORY_BYTES_MAX, PIDS_MAX);
    return new OwnerDoor(scope, rules, facts().overlay(), facts().apiVersion());
  }

  /** What the engine is; asked once, for it takes the engine long to say. */
  private Facts facts() {
    Facts known = facts;
    if (known == null) {
      JsonNode info = engine.info();
      String version = engine.version().path("ApiVersion").asText("1.41");
      int minor = Integer.parseInt(version.substring(version.indexOf('.') + 1));
      known =
          new Facts(
              "1." + Math.min(minor, MINOR_MAX),
              info.path("CgroupDriver").asText("").equals("cgroupfs"),
              overlay(info));
      facts = known;
    }
    return known;
  }

  /** The engine's own files, where they are on this machine and of the kind that is known. */
  private static Optional<OverlayLayers> overlay(JsonNode info) {
    return Optional.of(info.path("DockerRootDir").asText(""))
        .filter(root -> !root.isEmpty() && info.path("Driver").asText().equals("overlay2"))
        .map(root -> new OverlayLayers(Path.of(root)));
  }

  @Override
  public void keep(String owner, String place) {
    Open known = open.get(owner);
    if (known != null && known.door().used()) {
      kept.keep(known.door().scope().names(), place);
    }
  }

  @Override
  public void take(String place, String owner) {
    Open known = open.get(owner);
    if (known != null) {
      Scope scope = known.door().scope();
      kept.take(place, scope.names(), new OwnedImages(scope));
    }
  }

  @Override
  public void close(String owner) {
    Optional<Notes.Known> known = notes.known(owner);
    Open was = open.remove(owner);
    if (was != null) {
      was.door().endCalls();
      was.closeServers();
    }
    if (known.isEmpty()) {
      return;
    }
    OwnerDoor door = was == null ? door(known.get()) : was.door();
    try {
      door.removeAll();
    } catch (IOException e) {
      throw EsteiraException.internal("could not remove all of " + owner, e);
    }
    notes.forget(known.get());
  }

  @Override
  public List<String> owners() {
    return notes.all().stream().map(known -> known.owner().owner()).sorted().toList();
  }

  /** Closes the sockets; owners and their things stay. */
  @Override
  public void close() {
    open.values().forEach(Open::closeServers);
    open.clear();
  }
}
