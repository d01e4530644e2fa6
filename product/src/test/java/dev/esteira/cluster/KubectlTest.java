package dev.esteira.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.store.SqliteLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unmodified kubectl clients against the API server; each kubectl of the machine runs each. */
@Tag("system")
class KubectlTest {
  /** Line 1's shape, with the line ends that its files have. */
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 2
        selector:
          matchLabels:
            app: web
        template:
          metadata:
            labels:
              app: web
          spec:
            containers:
              - name: web
                image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:latest
                ports:
                  - containerPort: 8000
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: LoadBalancer
        selector:
          app: web
        ports:
          - port: 80
            targetPort: 8000
      """
          .replace("\n", "\r\n");

  @TempDir Path directory;
  private SqliteLedger ledger;
  private TestingCluster cluster;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void start() {
    ledger = SqliteLedger.open(directory.resolve("ledger"));
    cluster = new TestingCluster(ledger, (who, namespace, name) -> told.add(name));
  }

  @AfterEach
  void stop() {
    cluster.close();
    ledger.close();
  }

  static List<Path> programs() throws IOException {
    List<Path> found = TestingKubectl.programs();
    return found.isEmpty() ? abort("no kubectl on this machine") : found;
  }

  private TestingKubectl kubectl(Path program) throws Exception {
    TestingKubectl kubectl = new TestingKubectl(program, cluster.url(), directory);
    System.err.println("kubectl " + kubectl.version() + " at " + program);
    return kubectl;
  }

  private ObjectNode deployment() {
    return cluster.objects.get(Kind.DEPLOYMENT, "default", "web").orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void applyCreatesThenLeavesThenChanges(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);

    String first = kubectl.okWith(MANIFESTS, "apply", "-f", "-");
    assertEquals("deployment.apps/web created\nservice/web created\n", first);
    ObjectNode made = deployment();
    told.clear();

    String second = kubectl.okWith(MANIFESTS, "apply", "-f", "-");
    assertEquals("deployment.apps/web unchanged\nservice/web unchanged\n", second);
    assertEquals(made, deployment());
    assertEquals(List.of("web"), told);

    String more = MANIFESTS.replace("replicas: 2", "replicas: 3");
    String third = kubectl.okWith(more, "apply", "-f", "-");
    assertEquals("deployment.apps/web configured\nservice/web unchanged\n", third);
    assertEquals(3, deployment().at("/spec/replicas").asInt());
    assertEquals(2, deployment().at("/metadata/generation").asInt());

    assertTrue(
        kubectl.ok("get", "svc", "web").contains("LoadBalancer"), "a table with its columns");
    kubectl.okWith(MANIFESTS, "delete", "-f", "-");
    assertTrue(cluster.objects.get(Kind.DEPLOYMENT, "default", "web").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void wrongManifestsAreRefusedInKubernetesWords(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);

    String typo = MANIFESTS.replace("containerPort: 8000", "containerPrt: 8000");
    assertTrue(kubectl.runWith(typo, "apply", "-f", "-").err().contains("containerPrt"), "a typo");
    TestingKubectl.Result mismatch =
        kubectl.runWith(
            MANIFESTS.replace("  app: web\r\n    spec", "  app: x\r\n    spec"),
            "apply",
            "-f",
            "-");
    assertTrue(
        mismatch.err().contains("`selector` does not match template `labels`"), mismatch.err());
    TestingKubectl.Result empty =
        kubectl.runWith(MANIFESTS.replaceFirst("image: \\S+", "image: ''"), "apply", "-f", "-");
    assertTrue(
        empty.err().contains("spec.template.spec.containers[0].image: Required value"),
        empty.err());
    TestingKubectl.Result unknown =
        kubectl.runWith(MANIFESTS.replace("apps/v1", "app/v1"), "apply", "-f", "-");
    assertTrue(
        unknown.err().contains("no matches for kind \"Deployment\" in version \"app/v1\""),
        unknown.err());
    assertTrue(kubectl.run("get", "foos").err().contains("doesn't have a resource type"), "foos");
    assertTrue(
        kubectl
            .run("get", "deployment", "no")
            .err()
            .contains("Error from server (NotFound): deployments.apps \"no\" not found\n"),
        "not found");
    TestingKubectl.Result serverSide =
        kubectl.runWith(MANIFESTS, "apply", "--server-side", "-f", "-");
    assertTrue(serverSide.err().contains("server-side apply is not supported"), serverSide.err());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void imperativeChangesReachTheObject(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);
    kubectl.okWith(MANIFESTS, "apply", "-f", "-");

    kubectl.ok("set", "image", "deployment/web", "web=other:2");
    kubectl.ok("scale", "deployment", "web", "--replicas=5");
    kubectl.ok("label", "deployment", "web", "team=a");
    kubectl.ok("annotate", "deployment", "web", "note=b");
    kubectl.ok("rollout", "restart", "deployment/web");
    kubectl.ok("patch", "deployment", "web", "-p", "{\"spec\":{\"paused\":true}}");
    kubectl.ok(
        "patch",
        "deployment",
        "web",
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/paused\",\"value\":false}]");

    ObjectNode changed = deployment();
    assertEquals("other:2", changed.at("/spec/template/spec/containers/0/image").asText());
    assertEquals(5, changed.at("/spec/replicas").asInt());
    assertEquals("a", changed.at("/metadata/labels/team").asText());
    assertEquals("b", changed.at("/metadata/annotations/note").asText());
    assertTrue(
        changed.at("/spec/template/metadata/annotations").has("kubectl.kubernetes.io/restartedAt"));
    assertTrue(kubectl.ok("get", "deployment", "web", "-o", "yaml").contains("replicas: 5"));
    assertTrue(kubectl.ok("get", "all", "-o", "wide").contains("deployment.apps/web"));
    assertTrue(
        kubectl.ok("describe", "deployment", "web").contains("StrategyType:           RollingU"));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void objectsAreMadeByCommands(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);

    kubectl.ok("create", "namespace", "team");
    kubectl.ok("-n", "team", "create", "deployment", "api", "--image=api:1", "--replicas=3");
    kubectl.ok("-n", "team", "expose", "deployment", "api", "--port=80", "--target-port=8080");
    kubectl.ok("-n", "team", "create", "configmap", "c", "--from-literal=k=v");
    kubectl.ok("-n", "team", "create", "secret", "generic", "s", "--from-literal=k=v");
    String secret =
        kubectl.ok(
            "create",
            "secret",
            "docker-registry",
            "pull",
            "--docker-server=example.com",
            "--docker-username=u",
            "--docker-password=p",
            "--dry-run=client",
            "-o",
            "yaml");
    kubectl.okWith(secret, "-n", "team", "apply", "-f", "-");

    ObjectNode made = cluster.objects.get(Kind.DEPLOYMENT, "team", "api").orElseThrow();
    assertEquals(3, made.at("/spec/replicas").asInt());
    assertEquals(600, made.at("/spec/progressDeadlineSeconds").asInt());
    assertEquals(
        "kubernetes.io/dockerconfigjson",
        cluster.objects.get(Kind.SECRET, "team", "pull").orElseThrow().at("/type").asText());
    assertEquals("yes\n", kubectl.ok("auth", "can-i", "get", "pods"));
    kubectl.okWith(MANIFESTS, "apply", "--dry-run=server", "-f", "-");
    assertTrue(cluster.objects.get(Kind.DEPLOYMENT, "default", "web").isEmpty());

    kubectl.ok("delete", "namespace", "team");
    assertTrue(cluster.objects.list(Kind.SECRET, Optional.of("team")).isEmpty());
    assertTrue(cluster.objects.get(Kind.NAMESPACE, "", "team").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void ingressesAreMadeShownAndRefused(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);
    kubectl.ok("create", "ingress", "shop", "--class=alb", "--rule=a.example/api*=api:80");
    ObjectNode made = cluster.objects.get(Kind.INGRESS, "default", "shop").orElseThrow();
    assertEquals("Prefix", made.at("/spec/rules/0/http/paths/0/pathType").asText());
    assertEquals(
        List.of("shop", "alb", "a.example"),
        List.of(kubectl.ok("get", "ing", "--no-headers").split(" +")).subList(0, 3));
    assertTrue(kubectl.ok("describe", "ingress", "shop").contains("a.example"));
    String wrong =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: wrong}
        spec:
          rules:
          - host: 10.0.0.1
            http:
              paths:
              - {path: api, pathType: Prefix, backend: {service: {name: api}}}
        """;
    String refused = kubectl.runWith(wrong, "apply", "-f", "-").err();
    assertTrue(refused.contains("must be a DNS name, not an IP address"), refused);
    assertTrue(refused.contains("must be an absolute path"), refused);
    assertTrue(refused.contains("port name or number is required"), refused);
    kubectl.ok("delete", "ingress", "shop");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void absentKindsAreRefusedWithAdviceAndTheRestIsApplied(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);
    String scaler =
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: reader}
        rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
        ---
        """;
    TestingKubectl.Result mixed = kubectl.runWith(scaler + MANIFESTS, "apply", "-f", "-");
    assertEquals(1, mixed.exit());
    String nothing =
        "HorizontalPodAutoscaler (autoscaling/v2) is not supported by Esteira: nothing";
    assertTrue(mixed.err().contains(nothing), mixed.err());
    assertTrue(mixed.err().contains("there are no rights within this cluster"), mixed.err());
    assertTrue(cluster.objects.get(Kind.DEPLOYMENT, "default", "web").isPresent());
    for (String asked :
        List.of(
            "get hpa",
            "get pvc -A",
            "autoscale deployment web --max=3",
            "create job x --image=y")) {
      TestingKubectl.Result refused = kubectl.run(asked.split(" "));
      assertEquals(1, refused.exit(), asked);
      assertTrue(refused.err().contains("is not supported by Esteira: "), refused.err());
    }
    TestingKubectl.Result old =
        kubectl.runWith(MANIFESTS.replace("apps/v1", "apps/v1beta1"), "apply", "-f", "-");
    assertTrue(old.err().contains("write apiVersion apps/v1"), old.err());
    kubectl.ok("get", "deployment", "web");
    cluster.objects.create(
        Kind.NODE, (ObjectNode) Json.parse("{\"metadata\":{\"name\":\"house\"},\"spec\":{}}"));
    assertTrue(kubectl.run("cordon", "house").all().contains("this is the only node"));
    assertTrue(kubectl.run("taint", "node", "house", "a=b:NoSchedule").all().contains("only node"));
    kubectl.ok("label", "node", "house", "disk=ssd");
    kubectl.ok("delete", "job", "migrate", "--ignore-not-found");
    assertTrue(kubectl.run("get", "sts", "db").err().contains("\"db\" not found"));
    kubectl.ok("get", "all");
    assertTrue(kubectl.run("get", "tfjobs").err().contains("doesn't have a resource type"));
    kubectl.ok("delete", "deployment,service", "web");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void rolloutsAreFollowedAndTakenBack(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);
    kubectl.okWith(MANIFESTS, "apply", "-f", "-");
    TestingRollouts rollouts = new TestingRollouts(cluster.objects);
    rollouts.finish("web", 1);
    kubectl.ok("set", "image", "deployment/web", "web=other:2");
    Process waiting = kubectl.start("rollout", "status", "deployment/web", "--timeout=60s");
    try {
      BufferedReader out = lines(waiting);
      assertTrue(out.readLine().startsWith("Waiting for deployment"), "waits");
      rollouts.finish("web", 2);
      String line = out.readLine();
      while (line != null && line.startsWith("Waiting")) {
        line = out.readLine();
      }
      assertEquals("deployment \"web\" successfully rolled out", line);
      assertEquals(0, waiting.waitFor());
    } finally {
      waiting.destroy();
    }

    assertTrue(kubectl.ok("rollout", "history", "deployment/web").contains("\n2 "), "history");
    kubectl.ok("rollout", "undo", "deployment/web");
    assertNotEquals("other:2", deployment().at("/spec/template/spec/containers/0/image").asText());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void podsAreWatchedDescribedAndRead(Path program) throws Exception {
    TestingKubectl kubectl = kubectl(program);
    Process watching = kubectl.start("get", "pods", "-w", "--no-headers");
    try {
      BufferedReader out = lines(watching);
      kubectl.ok("run", "one", "--image=busybox:1", "--restart=Never", "--", "sleep", "9");
      assertTrue(out.readLine().matches("one +0/1 +Pending +0 +\\d+s *"), "watched");
    } finally {
      watching.destroy();
    }
    assertEquals("log of one/one\n", kubectl.ok("logs", "one"));
    assertEquals("log of one/one\n", kubectl.ok("logs", "-f", "--tail=5", "pod/one"));
    assertTrue(kubectl.ok("describe", "pod", "one").contains("QoS Class:"), "described");
    assertTrue(kubectl.run("exec", "one", "--", "ls").all().contains("not supported yet"), "exec");
    cluster.objects.apply(Kind.POD, "default", "one", TestingRollouts::ready);
    kubectl.ok("wait", "--for=condition=Ready", "pod/one", "--timeout=30s");
    assertTrue(kubectl.ok("get", "pods", "--field-selector=status.phase=Running").contains("one"));
    kubectl.ok("delete", "pod", "one");
    assertTrue(kubectl.run("get", "pods").err().contains("No resources found"), "deleted");
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
