package dev.esteira.fleet;

/** The machines of a home: wired, started, closed as one. What runs goes on after close. */
public final class Fleet implements AutoCloseable {
  private final InstanceBook book;
  private final MachineImages images;
  private final KeyPairs keys;
  private final Roles roles;
  private final PublicAddresses addresses;
  private final LiveInstances instances;
  private final Metadata metadata;
  private final InitWatch watch;
  private final PortRedirects ports;
  private final InstanceHands hands;
  private final RunCommands runs;

  public Fleet(Ground ground) {
    this.book = new InstanceBook(ground.ledger(), ground.clock());
    this.images = new MachineImages(ground);
    this.keys = new KeyPairs(ground.ledger(), ground.clock());
    this.roles = new Roles(ground.ledger());
    this.addresses = new PublicAddresses(ground);
    this.instances = new LiveInstances(ground, book, images, addresses, roles);
    this.metadata = new Metadata(ground, instances, keys, roles);
    this.watch = new InitWatch(ground, book);
    this.ports = new PortRedirects(ground);
    this.hands = new InstanceHands(ground, book, images, keys, addresses, watch, ports);
    this.runs = new RunCommands(ground);
  }

  /** Takes up what an earlier process left. Listeners should be there by now. */
  public void start() {
    images.start();
    ports.start();
    instances.resume();
    book.start(hands);
    runs.start();
  }

  public LiveInstances instances() {
    return instances;
  }

  public MachineImages images() {
    return images;
  }

  public PublicAddresses addresses() {
    return addresses;
  }

  public KeyPairs keyPairs() {
    return keys;
  }

  public Roles roles() {
    return roles;
  }

  /** Scripts run in instances from outside. */
  public RunCommands runCommands() {
    return runs;
  }

  /** The metadata service's door. */
  public Metadata metadata() {
    return metadata;
  }

  /** Waits until nothing is under way, for tests. */
  boolean awaitIdle(long waitMillis) throws InterruptedException {
    return book.awaitIdle(waitMillis);
  }

  @Override
  public void close() {
    runs.close();
    ports.close();
    watch.close();
    book.close();
    images.close();
  }
}
