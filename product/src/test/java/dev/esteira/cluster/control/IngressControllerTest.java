package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Deletion;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.TestingAddresses;
import dev.esteira.edge.Listeners;
import dev.esteira.edge.Routing;
import dev.esteira.edge.Routing.Action;
import dev.esteira.edge.Routing.Condition;
import dev.esteira.net.Networks;
import dev.esteira.store.TestingLedger;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngressControllerTest {
  private static final String WEB = "ingress/default/shop/web/80";

  private final InstantSource clock = InstantSource.system();
  private final Objects objects = Objects.over(new TestingLedger(), clock, new TestingAddresses());
  private final TestingEdge edge = new TestingEdge();
  private final ServiceEdges edges = new ServiceEdges(edge, clock);
  private final IngressController ingresses =
      new IngressController(objects, ClusterEvents.over(objects, clock), networks(), edges, edge);

  /** Only the pool of addresses is asked for. */
  private static Networks networks() {
    return (Networks)
        Proxy.newProxyInstance(
            Networks.class.getClassLoader(),
            new Class<?>[] {Networks.class},
            (_, method, _) -> method.getName().equals("takePoolAddress") ? "10.77.1.1" : null);
  }

  @BeforeEach
  void shop() {
    if (objects.get(Kind.NAMESPACE, "", "default").isEmpty()) {
      make(Kind.NAMESPACE, "{'metadata':{'name':'default'}}");
    }
    for (String name : List.of("web", "api")) {
      make(
          Kind.SERVICE,
          "{'metadata':{'name':'%s','namespace':'default'},'spec':{'selector':{'app':'%s'},"
                  .formatted(name, name)
              + "'ports':[{'port':80,'name':'http','targetPort':8000}]}}");
    }
    make(
        Kind.POD,
        "{'metadata':{'name':'one','namespace':'default','labels':{'app':'web'}},"
            + "'spec':{'nodeName':'esteira','containers':[{'name':'c','image':'i'}]}}");
    objects.apply(
        Kind.POD,
        "default",
        "one",
        pod -> {
          ObjectNode status = pod.putObject("status").put("podIP", "10.128.0.1");
          status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
          return pod;
        });
    edges.allow(Tree.uid(objects.get(Kind.POD, "default", "one").orElseThrow()));
  }

  private ObjectNode make(Kind kind, String json) {
    return objects.create(kind, (ObjectNode) Json.parse(json.replace('\'', '"')));
  }

  private void ingress(String annotations, String spec) {
    make(
        Kind.INGRESS,
        "{'metadata':{'name':'shop','namespace':'default','annotations':{%s}},'spec':{%s}}"
            .formatted(annotations, spec));
    ingresses.reconcile("default/shop");
  }

  private static String path(String path, String type, String service, String port) {
    return "{'path':'%s','pathType':'%s','backend':{'service':{'name':'%s','port':{%s}}}}"
        .formatted(path, type, service, port);
  }

  private Routing routing() {
    return edge.listeners().stream()
        .filter(l -> l.id().equals("ingress/default/shop"))
        .findFirst()
        .orElseThrow()
        .routing();
  }

  private List<String> warnings() {
    return objects.list(Kind.EVENT, Optional.of("default")).stream()
        .filter(e -> e.path("type").asText().equals("Warning"))
        .map(e -> e.path("message").asText())
        .sorted()
        .toList();
  }

  @Test
  void anIngressHasAnAddressWhereItsPathsLeadToReadyPods() {
    // Given an ingress with a shorter path first
    ingress(
        "",
        "'rules':[{'http':{'paths':["
            + path("/", "Prefix", "web", "'number':80")
            + ","
            + path("/api/", "Prefix", "api", "'name':'http'")
            + ","
            + path("/api", "Exact", "web", "'number':80")
            + "]}},{'host':'a.example','http':{'paths':["
            + path("/", "Prefix", "api", "'number':80")
            + "]}}]");
    // Then the named host comes first, the exact path before the prefix, the rest last
    List<Routing.Rule> rules = routing().rules();
    assertEquals(List.of(new Condition.Host(List.of("a.example"))), rules.get(0).conditions());
    List<List<Condition>> paths =
        rules.subList(1, rules.size()).stream().map(Routing.Rule::conditions).toList();
    assertEquals(
        List.of(
            List.of(new Condition.Path(List.of("/api"))),
            List.of(new Condition.Path(List.of("/api", "/api/*"))),
            List.of(),
            List.of()),
        paths);
    assertEquals(404, ((Action.Fixed) rules.getLast().action()).status());
    // And its groups have the ready pods, and its status the address
    assertEquals("10.128.0.1", edge.targets(WEB).getFirst().address());
    assertEquals(8000, edge.targets(WEB).getFirst().port());
    ObjectNode shop = objects.get(Kind.INGRESS, "default", "shop").orElseThrow();
    assertEquals("10.77.1.1", shop.at("/status/loadBalancer/ingress/0/ip").asText());
    assertEquals(List.of(), warnings());
  }

  @Test
  void whatHasNoEffectIsSaidOnceAndAMissingServiceAnswers() {
    ingress(
        "'nginx.ingress.kubernetes.io/rewrite-target':'/','alb.ingress.kubernetes.io/scheme':'x'",
        "'defaultBackend':{'service':{'name':'web','port':{'number':80}}},"
            + "'rules':[{'http':{'paths':["
            + path("/*", "ImplementationSpecific", "ssl-redirect", "'name':'use-annotation'")
            + ","
            + path("/x/*", "ImplementationSpecific", "gone", "'number':80")
            + ","
            + path("/y", "Prefix", "api", "'number':81")
            + "]}}]");
    ingresses.reconcile("default/shop");
    List<Routing.Rule> rules = routing().rules();
    Action.Fixed fixed = (Action.Fixed) rules.get(0).action();
    assertEquals(503, fixed.status());
    assertEquals("ingress default/shop: there is no service gone\n", fixed.body());
    assertEquals(List.of(new Condition.Path(List.of("/x/*"))), rules.get(0).conditions());
    assertTrue(rules.getLast().action() instanceof Action.Forward);
    assertEquals(
        List.of(
            "the action ssl-redirect of an annotation has no effect here",
            "the annotation nginx.ingress.kubernetes.io/rewrite-target has no effect here",
            "the service api has no port 81",
            "there is no service gone"),
        warnings());
  }

  @Test
  void aSecretWithACertificateOpensTheSecondDoorAndItsAbsenceIsSaid() {
    ingressThenCertificate();
    Listeners.Listener door =
        edge.listeners().stream().filter(l -> l.port() == 443).findFirst().orElseThrow();
    assertEquals(routing(), door.routing());
    assertEquals("CHAIN\nKEY\n", edge.certificates().get(door.certificates().getFirst()));
  }

  private void ingressThenCertificate() {
    String spec =
        "'tls':[{'hosts':['a.example'],'secretName':'cert'}],'rules':[{'http':{'paths':["
            + path("/", "Prefix", "web", "'number':80")
            + "]}}]";
    ingress("", spec);
    assertEquals(
        List.of(
            "port 443 is not served for the secret 'cert': there is no secret of that name with"
                + " tls.crt and tls.key"),
        warnings());
    make(
        Kind.SECRET,
        "{'metadata':{'name':'cert','namespace':'default'},'type':'kubernetes.io/tls','data':"
            + "{'tls.crt':'%s','tls.key':'%s'}}".formatted(base64("CHAIN"), base64("KEY")));
    ingresses.reconcile("default/shop");
  }

  private static String base64(String text) {
    return Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void moreRulesThanTheBalancerTakesAreToldAndTriedAgain() {
    String paths =
        IntStream.range(0, 200)
            .mapToObj(n -> path("/p" + n, "Prefix", "web", "'number':80"))
            .collect(Collectors.joining(","));
    ingress("", "'rules':[{'http':{'paths':[" + paths + "]}}]");
    assertTrue(ingresses.reconcile("default/shop").isPresent());
    assertEquals(
        List.of("its rules are not served: 201 rules of a listener: expected 1 to 200"),
        warnings());
  }

  @Test
  void aDeletedIngressLeavesNothing() {
    ingressThenCertificate();
    objects.delete(Kind.INGRESS, "default", "shop", Deletion.ordinary());
    assertEquals(java.util.Set.of("default/shop"), ingresses.known());
    ingresses.reconcile("default/shop");
    assertEquals(List.of(), edge.listeners());
    assertEquals(List.of(), edge.services());
    assertEquals(java.util.Map.of(), edge.certificates());
  }
}
