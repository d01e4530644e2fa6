package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An Ingress, applied by kubectl as people have them, leads requests to services. */
@Tag("system")
@Timeout(900)
class IngressTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String PATH =
      """
              - path: %s
                pathType: Prefix
                backend: {service: {name: %s, port: {number: 80}}}
      """;

  private final TestHouse house = TestHouse.shared();
  private final String name = "way" + Long.toString(System.nanoTime() & 0xffffff, 36);

  @TempDir Path directory;

  @Test
  void pathsAndHostsLeadToTheServicesThatTheyNameAndFollowChanges() {
    // Given two applications, and an ingress of the kind that load balancer controllers read
    Shell shell = house.client(directory);
    WebApplication one = new WebApplication(shell, name + "-one");
    WebApplication two = new WebApplication(shell, name + "-two");
    one.start("one");
    two.start("two");
    apply(shell, PATH.formatted("/", name + "-one") + PATH.formatted("/two", name + "-two"), "");
    String address = address(shell);
    // When it is asked for paths and hosts; then each comes from its service
    answers(shell, "one", address + "/");
    answers(shell, "two", address + "/two");
    answers(shell, "two", address + "/two/and/more");
    answers(shell, "one", address + "/twofold");
    // And an application that rolls is followed
    two.roll("three");
    two.awaitRollout();
    answers(shell, "three", address + "/two/");
    // And so are changes of the ingress, with a certificate too, and what kubectl shows
    certificate(shell);
    apply(
        shell,
        PATH.formatted("/two", name + "-two"),
        "  tls: [{hosts: [way.example], secretName: " + name + "}]\n");
    answers(shell, "three", "-k --resolve way.example:443:" + address + " https://way.example/two");
    String missing = shell.bash(LIMIT, "curl -s --noproxy '*' http://" + address + "/").orFail();
    assertEquals("no rule of the ingress default/" + name + " is for this request\n", missing);
    String shown =
        shell
            .bash(LIMIT, "kubectl get ing " + name + "; kubectl describe ingress " + name)
            .orFail();
    assertTrue(shown.contains("alb") && shown.contains("80, 443"), shown);
    assertTrue(shown.contains("ssl-redirect has no effect here"), shown);
    // And when it goes, its address goes
    shell
        .bash(LIMIT, "kubectl delete ingress " + name + "; ! kubectl get ingress " + name)
        .orFail();
    shell
        .bash(
            LIMIT,
            "for i in $(seq 300); do curl -s -m 5 --noproxy '*' http://%s/two || exit 0;"
                    .formatted(address)
                + " sleep 0.2; done; exit 1")
        .orFail();
    one.delete();
    two.delete();
  }

  private void apply(Shell shell, String paths, String more) {
    shell
        .bash(
            LIMIT,
            """
            cat > ingress.yml <<'END'
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: NAME
              annotations:
                kubernetes.io/ingress.class: alb
                alb.ingress.kubernetes.io/scheme: internet-facing
                alb.ingress.kubernetes.io/ssl-redirect: '443'
            spec:
            """
                    .replace("NAME", name)
                + more
                + "  rules:\n    - http:\n        paths:\n"
                + paths
                + "END\nkubectl apply -f ingress.yml")
        .orFail();
  }

  private String address(Shell shell) {
    return shell
        .bash(
            LIMIT,
            """
            for i in $(seq 300); do
              a=$(kubectl get ingress %s -o jsonpath='{.status.loadBalancer.ingress[0].hostname}')
              [ -n "$a" ] && echo "$a" && exit 0
              sleep 0.2
            done
            kubectl get ingress,events; exit 1
            """
                .formatted(name))
        .orFail()
        .strip();
  }

  private static void answers(Shell shell, String wanted, String curl) {
    shell
        .bash(
            LIMIT,
            """
            for i in $(seq 300); do
              [ "$(curl -s -m 5 --noproxy '*' %s)" = %s ] && exit 0
              sleep 0.2
            done
            curl -sv -m 5 --noproxy '*' %s; exit 1
            """
                .formatted(curl, wanted, curl))
        .orFail();
  }

  private void certificate(Shell shell) {
    shell
        .bash(
            LIMIT,
            """
            openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 \\
              -subj /CN=way.example -addext subjectAltName=DNS:way.example 2>/dev/null
            kubectl create secret tls %s --cert=cert.pem --key=key.pem
            """
                .formatted(name))
        .orFail();
  }
}
