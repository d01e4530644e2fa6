package dev.esteira.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Service;
import dev.esteira.edge.Edge.Traits;
import dev.esteira.edge.Listeners.Listener;
import dev.esteira.edge.Listeners.Protocol;
import dev.esteira.edge.Routing.Action;
import dev.esteira.edge.Routing.Condition;
import dev.esteira.edge.Routing.Parameter;
import dev.esteira.edge.Routing.Rule;
import dev.esteira.edge.Routing.Weighted;
import dev.esteira.names.CertificateAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class ListenersTest {
  @TempDir private Path directory;
  private EdgeLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new EdgeLab(directory);
    for (String name : List.of("a", "b")) {
      lab.edge.put(group(name, Traits.USUAL));
      lab.edge.add(name, lab.backend(name));
    }
  }

  private static Service group(String name, Traits traits) {
    return new Service(name, Mode.HTTP, List.of(), 80, 0, Optional.of(traits));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void listen(Protocol protocol, int port, Routing routing, String... certificates) {
    lab.edge.putListener(
        new Listener("l" + port, lab.address(9), port, protocol, routing, List.of(certificates)));
  }

  private static Action to(String service) {
    return new Action.Forward(List.of(new Weighted(service, 1)));
  }

  private static Rule when(Condition condition, String service) {
    return new Rule(List.of(condition), to(service));
  }

  private String curl(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-m", "10", "--path-as-is"));
    command.addAll(List.of(arguments));
    Commands.Result result = Commands.run(Duration.ofMinutes(2), "", command);
    return result.output().strip();
  }

  private String url(String path) {
    return "http://" + lab.address(9) + path;
  }

  @Test
  void rulesAreTriedInOrder() {
    listen(
        Protocol.HTTP,
        80,
        new Routing(
            List.of(
                when(new Condition.Path(List.of("/api/*", "/v?/x")), "b"),
                when(new Condition.Host(List.of("*.Example.com")), "b"),
                when(new Condition.Header("X-Kind", List.of("beta*")), "b"),
                when(new Condition.Method(List.of("DELETE")), "b"),
                when(new Condition.Query(List.of(new Parameter("v", "2*"))), "b"),
                when(new Condition.Query(List.of(new Parameter("", "any"))), "b"),
                when(new Condition.Source(List.of("10.255.0.0/16")), "b"),
                new Rule(
                    List.of(
                        new Condition.Path(List.of("/old")), new Condition.Method(List.of("GET"))),
                    new Action.Redirect(
                        301, "HTTPS", "#{host}", "443", "/new/#{path}", "#{query}&r=1")),
                new Rule(
                    List.of(new Condition.Path(List.of("/teapot"))),
                    new Action.Fixed(418, "text/plain", "short & stout; #1 % ü")),
                new Rule(List.of(), to("a")))));
    assertEquals("a", curl(url("/")));
    assertEquals("b", curl(url("/api/users?x=1")));
    assertEquals("a", curl(url("/API/users")));
    assertEquals("b", curl(url("/v1/x")));
    assertEquals("a", curl(url("/v12/x")));
    assertEquals("b", curl("-H", "Host: shop.EXAMPLE.com:80", url("/")));
    assertEquals("a", curl("-H", "Host: example.com", url("/")));
    assertEquals("b", curl("-H", "x-kind: BETA-7", url("/")));
    assertEquals("b", curl("-X", "DELETE", url("/")));
    assertEquals("b", curl(url("/?w=1&V=2.1")));
    assertEquals("b", curl(url("/?what=ANY")));
    assertEquals("a", curl(url("/?what=anything")));
    assertEquals("short & stout; #1 % ü", curl(url("/teapot")));
    assertEquals(
        "301 https://shop:443/new/old?q=1&r=1",
        curl(
            "-o",
            "/dev/null",
            "-w",
            "%{http_code} %{redirect_url}",
            "-H",
            "Host: shop",
            url("/old?q=1")));
  }

  @Test
  void manyRulesAndTheirChangeAndARestartOfHaproxy() throws Exception {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rules.add(
          new Rule(
              List.of(
                  new Condition.Path(List.of("/" + i)),
                  new Condition.Header("x-long", List.of("*", "y".repeat(100)))),
              new Action.Fixed(200, "text/plain", "rule " + i + " ".repeat(200) + ".")));
    }
    rules.add(new Rule(List.of(), to("a")));
    listen(Protocol.HTTP, 80, new Routing(rules));
    assertTrue(curl("-H", "x-long: 1", url("/99")).startsWith("rule 99 "));
    assertEquals("a", curl(url("/99")));
    long before = lab.haproxyPid();
    assertTrue(ProcessHandle.of(before).orElseThrow().destroyForcibly());
    lab.reopen();
    assertTrue(curl("-H", "x-long: 1", url("/98")).startsWith("rule 98 "));
    listen(Protocol.HTTP, 80, Routing.all("b"));
    assertEquals("b", curl("-H", "x-long: 1", url("/99")));
    lab.edge.removeListener("l80");
    assertTrue(curl(url("/")).contains("curl: (7)"), "nobody listens");
  }

  @Test
  void weightsShareRequests() {
    listen(
        Protocol.HTTP,
        80,
        new Routing(
            List.of(
                new Rule(
                    List.of(),
                    new Action.Forward(List.of(new Weighted("a", 9), new Weighted("b", 1)))))));
    Map<String, Integer> counts = new HashMap<>();
    String many = curl(url("/?[1-300]"));
    many.chars().forEach(c -> counts.merge(String.valueOf((char) c), 1, Integer::sum));
    assertEquals(300, counts.getOrDefault("a", 0) + counts.getOrDefault("b", 0));
    assertTrue(counts.getOrDefault("b", 0) > 5 && counts.getOrDefault("b", 0) < 80, "" + counts);
  }

  @Test
  void certificatesAreChosenByListenerAndNameAndChangedWhileRunning() {
    lab.edge.putCertificate("one", pem("one.test"));
    lab.edge.putCertificate("two", pem("two.test"));
    lab.edge.putCertificate("three", pem("three.test"));
    listen(Protocol.HTTPS, 443, Routing.all("a"), "one", "two");
    listen(Protocol.HTTPS, 8443, Routing.all("b"), "three");
    assertEquals("one.test", subject("one.test", 443));
    assertEquals("two.test", subject("two.test", 443));
    assertEquals("one.test", subject("unknown.test", 443));
    assertEquals("three.test", subject("one.test", 8443));
    assertEquals("a 2", tls("one.test", 443, "-w", " %{http_version}"));
    lab.edge.putCertificate("one", pem("renewed.test"));
    assertEquals("renewed.test", subject("unknown.test", 443));
    listen(Protocol.HTTPS, 443, Routing.all("a"), "three", "one");
    assertEquals("three.test", subject("two.test", 443));
    assertEquals("renewed.test", subject("renewed.test", 443));
    assertTrue(ProcessHandle.of(lab.haproxyPid()).orElseThrow().destroyForcibly());
    lab.reopen();
    assertEquals("renewed.test", subject("renewed.test", 443));
    assertEquals("b", tls("any", 8443));
    assertFalse(lab.ledger.list("edge-certificate", "").toString().contains("PRIVATE KEY"));
  }

  @Test
  void encryptedBytesGoToTcpTargets() throws Exception {
    lab.edge.putCertificate("one", pem("one.test"));
    lab.edge.put(new Service("t", Mode.TCP, List.of(), 80, 0));
    lab.edge.add("t", lab.backend("tcp"));
    listen(Protocol.TLS, 6000, Routing.all("t"), "one");
    listen(Protocol.TCP, 6001, Routing.all("t"));
    assertEquals("tcp", tls("one.test", 6000));
    assertEquals("tcp", curl("http://" + lab.address(9) + ":6001/"));
  }

  @Test
  void aCookieKeepsAClientAtItsTarget() throws Exception {
    lab.edge.put(group("c", new Traits("", false, 300, false, false)));
    lab.edge.add("c", lab.backend("x"));
    lab.edge.add("c", lab.backend("y"));
    listen(Protocol.HTTP, 80, Routing.all("c"));
    String jar = directory.resolve("jar").toString();
    String first = curl("-c", jar, url("/"));
    assertEquals(first.repeat(9), curl("-b", jar, url("/?[1-9]")));
    assertTrue(curl("-i", url("/")).contains("Max-Age=300"));
    lab.edge.drain("c", first, 2_000);
    String other = first.equals("x") ? "y" : "x";
    assertEquals(other.repeat(3), curl("-b", jar, url("/?[1-3]")));
  }

  private static String pem(String name) {
    CertificateAuthority.Issued issued =
        CertificateAuthority.selfSigned(name, InstantSource.system());
    return issued.certificatePem() + issued.keyPem();
  }

  private String tls(String name, int port, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("-k", "--connect-to", "::" + lab.address(9) + ":" + port));
    arguments.addAll(List.of(more));
    arguments.add("https://" + name + ":" + port + "/");
    return curl(arguments.toArray(String[]::new));
  }

  private String subject(String name, int port) {
    String seen = tls(name, port, "-v", "-o", "/dev/null");
    return seen.lines()
        .filter(line -> line.contains("subject:"))
        .map(line -> line.replaceFirst(".*CN=", ""))
        .findFirst()
        .orElse(seen);
  }
}
