package dev.esteira.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class NameServerTest {
  private static final NameServer.ClusterNames CLUSTER =
      name ->
          name.endsWith(".svc.cluster.local")
              ? Optional.of(name.startsWith("api.") ? List.of("10.77.8.4") : List.of())
              : Optional.empty();

  @Test
  void realNamesLeadToTheHouseOverUdpAndTcp() throws IOException {
    assertEquals("10.77.0.1", address(ask("123456789012.dkr.ecr.eu-west-1.amazonaws.com.", false)));
    assertEquals("10.77.0.1", address(ask("sts.amazonaws.com.", true)));
  }

  @Test
  void servicesLeadToTheirAddressesAndUnknownOnesDoNotExist() throws IOException {
    assertEquals("10.77.8.4", address(ask("api.default.svc.cluster.local.", false)));
    assertEquals(
        Rcode.NXDOMAIN, ask("web.default.svc.cluster.local.", false).getHeader().getRcode());
  }

  @Test
  void aNameThatNobodyAnswersIsAServerFailure() throws IOException {
    assertEquals(Rcode.SERVFAIL, ask("example.org.", false).getHeader().getRcode());
  }

  private static String address(Message answer) {
    Record first = answer.getSection(Section.ANSWER).getFirst();
    return ((ARecord) first).getAddress().getHostAddress();
  }

  private static Message ask(String name, boolean tcp) throws IOException {
    try (NameServer server = new NameServer("10.77.0.1", CLUSTER, List.of())) {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      int port = server.listen(new InetSocketAddress(loopback, 0));
      SimpleResolver resolver = new SimpleResolver(loopback);
      resolver.setPort(port);
      resolver.setTCP(tcp);
      return resolver.send(
          Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
    }
  }
}
