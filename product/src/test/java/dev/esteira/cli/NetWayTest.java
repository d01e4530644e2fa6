package dev.esteira.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.esteira.base.EsteiraException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways as people write them. */
class NetWayTest {
  @ParameterizedTest
  @CsvSource({
    "web->db:5432, web, db, 5432, tcp",
    "web -> db:53/udp, web, db, 53, udp",
    "10.0.1.5->10.0.2.9/icmp, 10.0.1.5, 10.0.2.9, 0, icmp",
    "job:abc->pod:default/app:80, job:abc, pod:default/app, 80, tcp",
    "pod:default/app-1->web:80/tcp, pod:default/app-1, web, 80, tcp",
    "pod:app->house:53/udp, pod:app, house, 53, udp",
  })
  void isRead(String text, String from, String to, String port, String protocol) {
    assertEquals(List.of(new NetWay(from, to, port, protocol)), NetWay.read(List.of(text), "tcp"));
  }

  @Test
  void severalWordsAreSeveralWaysOrOne() {
    assertEquals(2, NetWay.read(List.of("a->b:1", "b->a:1"), "tcp").size());
    assertEquals(
        List.of(new NetWay("a", "b", "1", "tcp")), NetWay.read(List.of("a", "->", "b:1"), "tcp"));
    assertEquals("icmp", NetWay.read(List.of("a->b"), "icmp").getFirst().protocol());
  }

  @Test
  void aWayWithoutAPortIsRefused() {
    assertThrows(EsteiraException.class, () -> NetWay.read(List.of("a->b"), "tcp"));
    assertThrows(EsteiraException.class, () -> NetWay.read(List.of("a:80"), "tcp"));
  }
}
