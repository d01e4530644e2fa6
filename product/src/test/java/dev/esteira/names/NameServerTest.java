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

  @Test
  void aPublisherOfDownloadsIsTheHouseOnlyWhereNobodyKnowsItsAddress() throws IOException {
    // Given a server of the host's that knows one publisher
    InetAddress known = InetAddress.getByName("127.77.53.1");
    NameServer.ClusterNames publishers =
        name -> Optional.of(name.equals("dl.k8s.io") ? List.of("192.0.2.7") : List.of());
    try (NameServer host = new NameServer("192.0.2.1", publishers, List.of())) {
      host.listen(new InetSocketAddress(known, 53));

      // When a sandbox asks for that one and for another, then only the other leads to the house
      assertEquals("192.0.2.7", address(ask("dl.k8s.io.", false, List.of(known))));
      assertEquals("10.77.0.1", address(ask("storage.googleapis.com.", false, List.of(known))));
      assertEquals(
          "10.77.0.1", address(ask("amazon-eks.s3.eu-west-1.amazonaws.com.", true, List.of())));
    }
  }

  private static String address(Message answer) {
    Record first = answer.getSection(Section.ANSWER).getFirst();
    return ((ARecord) first).getAddress().getHostAddress();
  }

  private static Message ask(String name, boolean tcp) throws IOException {
    return ask(name, tcp, List.of());
  }

  private static Message ask(String name, boolean tcp, List<InetAddress> upstream)
      throws IOException {
    try (NameServer server = new NameServer("10.77.0.1", CLUSTER, upstream)) {
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
