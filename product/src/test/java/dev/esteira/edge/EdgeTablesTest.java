package dev.esteira.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Service;
import dev.esteira.edge.Edge.Target;
import dev.esteira.edge.EdgeTables.Ports;
import dev.esteira.store.TestingLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EdgeTablesTest {
  private final EdgeTables tables = new EdgeTables(new TestingLedger());

  private static Service service(int number, Mode mode, int stickySeconds) {
    return new Service(
        "service/n/s" + number, mode, List.of("10.77.1." + number), 80, stickySeconds);
  }

  private int slot(int number) {
    return tables.one("service/n/s" + number).orElseThrow().row().slot();
  }

  @Test
  void aServiceKeepsItsSlotUntilItsKindOfSlotChanges() {
    tables.put(service(1, Mode.HTTP, 0));
    tables.put(service(2, Mode.HTTP, 0));
    tables.put(service(3, Mode.TCP, 0));
    assertNotEquals(slot(1), slot(2));
    int first = slot(1);
    tables.put(new Service("service/n/s1", Mode.HTTP, List.of("10.77.1.7"), 81, 0));
    assertEquals(first, slot(1));
    tables.put(service(1, Mode.HTTP, 5_000));
    assertEquals(10_800, Slots.stickySeconds(slot(1)));
    tables.put(service(4, Mode.HTTP, 0));
    assertEquals(first, slot(4));
  }

  @Test
  void memoryIsRoundedUpToWhatTheSlotsOffer() {
    assertEquals(Slots.PLAIN, Slots.of(service(1, Mode.TCP, 0)));
    assertEquals(Slots.MINUTE, Slots.of(service(1, Mode.TCP, 1)));
    assertEquals(Slots.TEN_MINUTES, Slots.of(service(1, Mode.TCP, 61)));
    assertEquals(Slots.THREE_HOURS, Slots.of(service(1, Mode.TCP, 10_800)));
    assertEquals(Slots.DAY, Slots.of(service(1, Mode.TCP, 1_000_000)));
    for (int slot = 0; slot < Slots.count(Mode.HTTP); slot++) {
      int each = slot;
      assertEquals(1, List.of(Slots.values()).stream().filter(range -> range.holds(each)).count());
    }
  }

  @Test
  void whenTheSlotsAreTakenTheLimitIsToldAndARemovalFreesOne() {
    for (int i = 0; i < 10; i++) {
      tables.put(service(i, Mode.HTTP, 60));
    }
    EsteiraException full =
        assertThrows(EsteiraException.class, () -> tables.put(service(10, Mode.HTTP, 60)));
    assertEquals(ErrorCode.LIMIT, full.code());
    assertTrue(full.text().contains("all 10 http slots"), full.text());
    tables.put(service(10, Mode.TCP, 60));
    tables.remove("service/n/s3");
    tables.put(service(11, Mode.HTTP, 60));
  }

  @Test
  void targetsGoWithTheirService() {
    tables.put(service(1, Mode.HTTP, 0));
    tables.put(service(11, Mode.HTTP, 0));
    tables.add("service/n/s1", new Target("a", "10.1.1.1", 80));
    tables.add("service/n/s11", new Target("a", "10.1.1.2", 80));
    assertTrue(tables.drain("service/n/s1", "a"));
    assertFalse(tables.drain("service/n/s1", "b"));
    assertTrue(tables.one("service/n/s1").orElseThrow().targets().getFirst().draining());
    tables.remove("service/n/s1");
    tables.put(service(1, Mode.HTTP, 0));
    assertEquals(List.of(), tables.one("service/n/s1").orElseThrow().targets());
    assertEquals(1, tables.one("service/n/s11").orElseThrow().targets().size());
  }

  @Test
  void theConfigurationHoldsTheServersButItsFingerprintDoesNot() {
    HaproxyConfig config =
        new HaproxyConfig(
            new HaproxyFiles(Path.of("/h"), Path.of("/h/s")), "10.77.0.1", new Ports(1, 2), false);
    String before = config.fingerprint();
    tables.put(service(1, Mode.HTTP, 0));
    tables.add("service/n/s1", new Target("pod/uid", "10.1.1.1", 80));
    tables.add("service/n/s1", new Target("gone", "10.1.1.2", 80));
    tables.drain("service/n/s1", "gone");
    String text = config.text(tables.all());
    assertTrue(text.contains("server t-"), "an id with a slash is hashed");
    assertTrue(text.contains("10.1.1.1:80 check"));
    assertFalse(text.contains("server gone"));
    assertTrue(text.contains("description " + before + "\n"));
    assertEquals(
        Map.of("10.77.1.1:80", "http0", "127.77.1.1:80", "http0"),
        HaproxyConfig.map(Mode.HTTP, tables.all()));
    Ports moved = new Ports(3, 4);
    assertNotEquals(
        before, new HaproxyConfig(config.files(), "10.77.0.1", moved, false).fingerprint());
  }

  @Test
  void whatCouldBreakOutOfTheConfigurationIsRefused() {
    for (String bad : List.of("", "a b", "a\nb", "a;b", "a#b", "x".repeat(401))) {
      assertThrows(EsteiraException.class, () -> new Target(bad, "10.1.1.1", 80));
    }
    for (String bad : List.of("", "10.1.1", "10.1.1.256", "::1", "host", "10.1.1.1 x")) {
      assertThrows(EsteiraException.class, () -> new Target("a", bad, 80));
    }
    assertThrows(EsteiraException.class, () -> new Target("a", "10.1.1.1", 0));
    assertThrows(EsteiraException.class, () -> new Target("a", "10.1.1.1", 65_536));
  }
}
