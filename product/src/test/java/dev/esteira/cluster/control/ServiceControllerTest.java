package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Awaiting;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.TestingAddresses;
import dev.esteira.edge.Edge;
import dev.esteira.net.Networks;
import dev.esteira.store.TestingLedger;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceControllerTest {
  private static final String ID = "service/default/web/80";

  private final InstantSource clock = InstantSource.system();
  private final Objects objects = Objects.over(new TestingLedger(), clock, new TestingAddresses());
  private final TestingEdge edge = new TestingEdge();
  private final ServiceEdges edges = new ServiceEdges(edge, clock);
  private final ServiceController services =
      new ServiceController(objects, ClusterEvents.over(objects, clock), networks(), edges);

  /** Only the pool of addresses is asked for. */
  private static Networks networks() {
    return (Networks)
        Proxy.newProxyInstance(
            Networks.class.getClassLoader(),
            new Class<?>[] {Networks.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "takePoolAddress" -> "10.77.1.1";
                  case "houseAddress" -> "10.77.0.1";
                  default -> null;
                });
  }

  @BeforeEach
  void namespace() {
    if (objects.get(Kind.NAMESPACE, "", "default").isEmpty()) {
      make(Kind.NAMESPACE, "{'metadata':{'name':'default'}}");
    }
  }

  private ObjectNode make(Kind kind, String json) {
    return objects.create(kind, (ObjectNode) Json.parse(json.replace('\'', '"')));
  }

  private String pod(String name, String address, boolean ready) {
    make(
        Kind.POD,
        "{'metadata':{'name':'"
            + name
            + "','namespace':'default','labels':{'app':'web'}},'spec':{'nodeName':'esteira',"
            + "'containers':[{'name':'c','image':'i',"
            + "'ports':[{'name':'http','containerPort':8000}]}]}}");
    status(name, address, ready);
    return Tree.uid(objects.get(Kind.POD, "default", name).orElseThrow());
  }

  private void status(String name, String address, boolean ready) {
    objects.apply(
        Kind.POD,
        "default",
        name,
        p -> {
          ObjectNode status = p.putObject("status").put("phase", "Running").put("podIP", address);
          status
              .putArray("conditions")
              .addObject()
              .put("type", "Ready")
              .put("status", ready ? "True" : "False");
          return p;
        });
  }

  private void service(String spec) {
    make(
        Kind.SERVICE,
        "{'metadata':{'name':'web','namespace':'default'},'spec':{'selector':{'app':'web'},"
            + spec
            + "}}");
    services.reconcile("default/web");
  }

  private List<String> targets() {
    return edge.targets(ID).stream().map(t -> t.address() + ":" + t.port()).sorted().toList();
  }

  @Test
  void aLoadBalancerSendsToReadyPodsOnly() {
    String one = pod("one", "10.128.0.1", true);
    pod("two", "10.128.0.2", false);
    edges.allow(one);
    service("'type':'LoadBalancer','ports':[{'port':80,'targetPort':'http'}]");
    assertEquals(List.of("10.128.0.1:8000"), targets());
    assertEquals(Edge.Mode.HTTP, edge.services().getFirst().mode());
    assertTrue(edge.services().getFirst().addresses().contains("10.77.1.1"));
    ObjectNode service = objects.get(Kind.SERVICE, "default", "web").orElseThrow();
    assertEquals("10.77.1.1", service.at("/status/loadBalancer/ingress/0/ip").asText());
    assertEquals("10.77.1.1", service.at("/status/loadBalancer/ingress/0/hostname").asText());
    ObjectNode endpoints = objects.get(Kind.ENDPOINTS, "default", "web").orElseThrow();
    assertEquals("10.128.0.1", endpoints.at("/subsets/0/addresses/0/ip").asText());
    assertEquals("10.128.0.2", endpoints.at("/subsets/0/notReadyAddresses/0/ip").asText());
    assertEquals(8000, endpoints.at("/subsets/0/ports/0/port").asInt());
  }

  @Test
  void aNodePortAnswersAtTheHouse() {
    edges.allow(pod("one", "10.128.0.1", true));
    service("'type':'NodePort','ports':[{'port':80,'targetPort':8000,'nodePort':30080}]");
    Edge.Service node =
        edge.services().stream()
            .filter(each -> each.id().equals(ID + "/node"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of("10.77.0.1"), node.addresses());
    assertEquals(30_080, node.port());
    assertEquals(1, edge.targets(ID + "/node").size());
    objects.apply(
        Kind.SERVICE,
        "default",
        "web",
        each -> {
          each.withObject("/spec").put("type", "ClusterIP");
          return each;
        });
    services.reconcile("default/web");
    assertEquals(List.of(ID), edge.services().stream().map(Edge.Service::id).toList());
  }

  @Test
  void olderNewsNeverBringsADeadPodBack() throws InterruptedException {
    String one = pod("one", "10.128.0.1", true);
    edges.allow(one);
    service("'ports':[{'port':80,'targetPort':8000}]");
    assertEquals(List.of("10.128.0.1:8000"), targets());
    // The pod died; its object still says Ready
    edges.drop(one);
    Awaiting.until(() -> targets().isEmpty());
    assertTrue(services.reconcile("default/web").isPresent());
    assertEquals(List.of(), targets());
    edges.allow(one);
    Awaiting.until(() -> services.reconcile("default/web").isEmpty());
    assertEquals(List.of("10.128.0.1:8000"), targets());
  }

  @Test
  void aDeletedServiceLeavesNothing() {
    service("'ports':[{'port':80}]");
    objects.delete(Kind.SERVICE, "default", "web", dev.esteira.cluster.Deletion.ordinary());
    services.reconcile("default/web");
    assertEquals(List.of(), edge.services());
    assertTrue(objects.get(Kind.ENDPOINTS, "default", "web").isEmpty());
  }

  @Test
  void modesFollowWhatThePortSays() {
    service(
        "'ports':[{'port':5432,'name':'pg'},{'port':8443,'name':'https'},"
            + "{'port':9000,'name':'http-x'}]");
    for (Edge.Service each : edge.services()) {
      Edge.Mode wanted = each.port() == 9000 ? Edge.Mode.HTTP : Edge.Mode.TCP;
      assertEquals(wanted, each.mode(), each.id());
    }
  }

  @Test
  void namesOfTheClusterResolve() {
    pod("one", "10.128.0.1", true);
    make(
        Kind.SERVICE,
        "{'metadata':{'name':'head','namespace':'default'},'spec':{'clusterIP':'None',"
            + "'selector':{'app':'web'},'ports':[{'port':80}]}}");
    ServiceNames names = new ServiceNames(objects, "10.77.0.1");
    assertEquals(
        Optional.of(List.of("10.128.0.1")), names.addresses("head.default.svc.cluster.local"));
    assertEquals(
        Optional.of(List.of("10.128.0.1")), names.addresses("one.head.default.svc.cluster.local"));
    assertEquals(Optional.of(List.of()), names.addresses("gone.default.svc.cluster.local"));
    assertEquals(
        Optional.of(List.of("10.77.0.1")), names.addresses("kubernetes.default.svc.cluster.local"));
    assertEquals(Optional.empty(), names.addresses("example.com"));
  }
}
