package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.TestingAddresses;
import dev.esteira.cluster.control.PodEnvironment.Incomplete;
import dev.esteira.store.TestingLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Environment, volumes and engine settings of containers. */
class PodFilesTest {
  private final Objects objects =
      Objects.over(new TestingLedger(), InstantSource.system(), new TestingAddresses());

  @TempDir Path directory;

  @BeforeEach
  void theNamespaceHoldsAConfigMapASecretAndAService() {
    make(Kind.NAMESPACE, "{'metadata':{'name':'shop'}}");
    make(Kind.CONFIG_MAP, "{'metadata':{'name':'cm','namespace':'shop'},'data':{'A':'1','B':'2'}}");
    make(Kind.SECRET, "{'metadata':{'name':'sec','namespace':'shop'},'data':{'P':'cGFzcw=='}}");
    make(
        Kind.SERVICE,
        "{'metadata':{'name':'my-db','namespace':'shop'},'spec':{'clusterIP':'10.96.0.9',"
            + "'selector':{'app':'db'},'ports':[{'port':5432,'name':'pg','protocol':'TCP'}]}}");
  }

  private void make(Kind kind, String json) {
    if (objects.list(kind, java.util.Optional.empty()).stream()
        .noneMatch(o -> Tree.name(o).equals(Tree.name(parse(json))))) {
      objects.create(kind, (ObjectNode) parse(json));
    }
  }

  private static JsonNode parse(String json) {
    return Json.parse(json.replace('\'', '"'));
  }

  private static JsonNode pod(String spec) {
    return parse(
        "{'metadata':{'name':'web-1','namespace':'shop','uid':'u1','labels':{'app':'web'}},"
            + "'spec':"
            + spec
            + "}");
  }

  private PodEnvironment environment(JsonNode pod) {
    return new PodEnvironment(objects, pod, "10.128.0.7", "10.77.0.1");
  }

  @Test
  void variablesComeFromEverywhereAndReferToEachOther() throws Exception {
    JsonNode container =
        parse(
            "{'envFrom':[{'configMapRef':{'name':'cm'},'prefix':'C_'}],'env':["
                + "{'name':'HOST','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}},"
                + "{'name':'P','valueFrom':{'secretKeyRef':{'name':'sec','key':'P'}}},"
                + "{'name':'NONE','valueFrom':{'secretKeyRef':{'name':'x','key':'P',"
                + "'optional':true}}},"
                + "{'name':'URL','value':'http://$(HOST):$(C_A)/$$(HOST)/$(UNKNOWN)'},"
                + "{'name':'APP','valueFrom':{'fieldRef':{'fieldPath':"
                + "'metadata.labels[\\u0027app\\u0027]'}}}]}");
    Map<String, String> all = environment(pod("{}")).of(container);
    assertEquals("http://10.128.0.7:1/$(HOST)/$(UNKNOWN)", all.get("URL"));
    assertEquals("pass", all.get("P"));
    assertEquals("web", all.get("APP"));
    assertFalse(all.containsKey("NONE"));
    assertEquals("10.96.0.9", all.get("MY_DB_SERVICE_HOST"));
    assertEquals("5432", all.get("MY_DB_SERVICE_PORT_PG"));
    assertEquals("tcp://10.96.0.9:5432", all.get("MY_DB_PORT"));
  }

  @Test
  void whatIsMissingIsNamed() {
    JsonNode noMap = parse("{'envFrom':[{'configMapRef':{'name':'gone'}}]}");
    Incomplete missing = assertThrows(Incomplete.class, () -> environment(pod("{}")).of(noMap));
    assertEquals("configmap \"gone\" not found", missing.text());
    JsonNode noKey =
        parse("{'env':[{'name':'X','valueFrom':{'configMapKeyRef':{'name':'cm','key':'Z'}}}]}");
    Incomplete key = assertThrows(Incomplete.class, () -> environment(pod("{}")).of(noKey));
    assertEquals("couldn't find key Z in ConfigMap shop/cm", key.text());
  }

  @Test
  void volumesAreFilesAndNeverTheHost() throws Exception {
    JsonNode pod =
        pod(
            "{'volumes':[{'name':'c','configMap':{'name':'cm'}},{'name':'e','emptyDir':{}},"
                + "{'name':'s','secret':{'secretName':'sec','items':[{'key':'P','path':'d/p'}]}},"
                + "{'name':'h','hostPath':{'path':'/'}}]}");
    PodVolumes volumes = new PodVolumes(directory, pod, environment(pod));
    JsonNode container =
        parse(
            "{'volumeMounts':[{'name':'c','mountPath':'/c'},{'name':'e','mountPath':'/e'},"
                + "{'name':'s','mountPath':'/s/p','subPath':'d/p'}]}");
    List<String> binds = volumes.binds(container);
    assertEquals(directory.resolve("volumes/c") + ":/c:ro", binds.get(0));
    assertEquals(directory.resolve("volumes/e") + ":/e", binds.get(1));
    assertEquals("1", Files.readString(directory.resolve("volumes/c/A")));
    assertEquals("pass", Files.readString(directory.resolve("volumes/s/d/p")));
    for (String mount : List.of("{'name':'h'}", "{'name':'e','subPath':'../../x'}")) {
      JsonNode bad = parse("{'volumeMounts':[" + mount + "]}");
      assertThrows(Incomplete.class, () -> volumes.binds(bad), mount);
    }
    Files.createSymbolicLink(directory.resolve("volumes/e/out"), Path.of("/etc"));
    JsonNode link = parse("{'volumeMounts':[{'name':'e','subPath':'out'}]}");
    assertThrows(Incomplete.class, () -> volumes.binds(link));
    PodVolumes.remove(directory);
    assertTrue(Files.exists(Path.of("/etc/passwd")));
  }

  @Test
  void aContainerGetsItsLimitsAndNothingOfTheHost() throws Exception {
    JsonNode container =
        parse(
            "{'command':['run','$(A)'],'resources':{'limits':{'memory':'64Mi','cpu':'250m'}},"
                + "'securityContext':{'runAsUser':1000,'capabilities':{'drop':['ALL']}}}");
    ObjectNode config =
        ContainerConfig.of(
            pod("{}"), container, "i", "h", Map.of("A", "x"), List.of("/v:/v"), Json.object());
    assertEquals("[\"run\",\"x\"]", config.path("Entrypoint").toString());
    assertEquals(64L << 20, config.at("/HostConfig/Memory").asLong());
    assertEquals(250_000_000L, config.at("/HostConfig/NanoCpus").asLong());
    assertEquals("1000", config.path("User").asText());
    assertEquals("container:h", config.at("/HostConfig/NetworkMode").asText());
    for (String bad :
        List.of(
            "{'securityContext':{'privileged':true}}",
            "{'securityContext':{'capabilities':{'add':['SYS_ADMIN']}}}")) {
      refused(pod("{}"), parse(bad));
    }
    for (String bad : List.of("hostNetwork", "hostPID", "hostIPC")) {
      refused(pod("{'" + bad + "':true}"), parse("{}"));
    }
  }

  private static void refused(JsonNode pod, JsonNode container) {
    assertThrows(
        Incomplete.class,
        () -> ContainerConfig.of(pod, container, "i", "h", Map.of(), List.of(), Json.object()),
        () -> pod + " " + container);
  }

  @Test
  void theHolderIsAWholeElfFile() {
    for (boolean arm : new boolean[] {false, true}) {
      byte[] program = Holder.program(arm);
      assertEquals(0x7f, program[0]);
      assertEquals(64 + 56 + (arm ? 32 : 9), program.length);
    }
  }
}
