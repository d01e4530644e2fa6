package dev.esteira.net;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Programs;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which home has which slot of the machine. A home keeps its slot for life: the ledger records it,
 * and a file of the machine, {@code /var/lib/esteira/slots/N} with id and directory of the home,
 * keeps others off it, also while the home is down. A claim whose home is gone counts for nothing.
 */
final class SlotClaims {
  private static final String KIND = "net.slot";
  private static final String KEY = "slot";
  private static final Object PROCESS = new Object();

  private final Path directory;
  private final Home home;
  private final Ledger ledger;

  SlotClaims(Path directory, Home home, Ledger ledger) {
    this.directory = directory;
    this.home = home;
    this.ledger = ledger;
  }

  /** The slot of this home; chosen, claimed and recorded at the first call. */
  int take() {
    // File locks are held by processes; two homes in one process need one more.
    synchronized (PROCESS) {
      try {
        Files.createDirectories(directory);
        try (FileChannel channel =
                FileChannel.open(
                    directory.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock _ = channel.lock()) {
          return takeLocked();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("could not claim a slot in " + directory, e);
      }
    }
  }

  private int takeLocked() throws IOException {
    Optional<Integer> recorded =
        ledger.get(KIND, KEY).map(stored -> Integer.parseInt(stored.body()));
    if (recorded.isPresent()) {
      int slot = recorded.get();
      Optional<String> other = holder(slot);
      if (other.isPresent()) {
        throw EsteiraException.conflict(
            "this home has the addresses "
                + new AddressPlan(slot).houseRange()
                + ", but by now they belong to the home "
                + other.get());
      }
      claim(slot);
      return slot;
    }
    String routes = routes();
    for (int slot = 0; slot < AddressPlan.SLOTS; slot++) {
      if (holder(slot).isEmpty() && isUnused(new AddressPlan(slot), routes)) {
        claim(slot);
        String body = Integer.toString(slot);
        ledger.write(tx -> {
          tx.put(KIND, KEY, body);
          return body;
        });
        return slot;
      }
    }
    throw EsteiraException.limit(
        "looked for a free range of addresses in 10.77.0.0/16 and 10.128.0.0/12, but routes or"
            + " other homes use all "
            + AddressPlan.SLOTS
            + "; delete a home that is no longer needed (./esteira down, then rm -rf): "
            + String.join(", ", holders()));
  }

  private List<String> holders() throws IOException {
    List<String> holders = new ArrayList<>();
    for (int slot = 0; slot < AddressPlan.SLOTS; slot++) {
      holder(slot).ifPresent(holders::add);
    }
    return holders;
  }

  /** The directory of another home that exists and has the slot. */
  private Optional<String> holder(int slot) throws IOException {
    Path file = directory.resolve(Integer.toString(slot));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] claim = Files.readString(file).strip().split(" ", 2);
    if (claim.length < 2 || claim[1].equals(home.root().toString())) {
      return Optional.empty();
    }
    Path id = Path.of(claim[1], "id");
    boolean lives = Files.exists(id) && Files.readString(id).strip().equals(claim[0]);
    return lives ? Optional.of(claim[1]) : Optional.empty();
  }

  private void claim(int slot) throws IOException {
    Files.writeString(
        directory.resolve(Integer.toString(slot)), home.id() + " " + home.root() + "\n");
  }

  private static String routes() {
    return Commands.check(List.of(Programs.require("ip"), "-4", "route", "show", "table", "all"));
  }

  /** Whether no route of the machine, in {@code ip route}'s words, leads into the slot's ranges. */
  static boolean isUnused(AddressPlan plan, String routes) {
    return routes
        .lines()
        .flatMap(line -> List.of(line.strip().split(" +")).stream().limit(2))
        .filter(word -> word.matches("[0-9.]+(/[0-9]+)?"))
        .noneMatch(
            word -> overlaps(word, plan.houseRange()) || overlaps(word, plan.sandboxRange()));
  }

  private static boolean overlaps(String one, String other) {
    long[] a = bounds(one);
    long[] b = bounds(other);
    return a[0] <= b[1] && b[0] <= a[1];
  }

  private static long[] bounds(String cidr) {
    String[] parts = cidr.split("/", 2);
    // ip writes 10/8 for 10.0.0.0/8 in some versions.
    String address =
        parts[0] + ".0".repeat(3 - (int) parts[0].chars().filter(c -> c == '.').count());
    int prefix = parts.length == 2 ? Integer.parseInt(parts[1]) : 32;
    long size = 1L << (32 - prefix);
    long first = Integer.toUnsignedLong(AddressPlan.parse(address)) & -size;
    return new long[] {first, first + size - 1};
  }
}
