package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside another Docker that writes firewall rules, both have their networks. */
@Tag("system")
class AnotherDockerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void bothKeepTheirNetworksWhoeverStartsLast() {
    try (Island island = new Island(directory.resolve("other"))) {
      // Given another Docker with containers, on a machine that forwards nothing by itself
      island.startDocker();
      island.startContainers();
      theirsWork(island);

      TestHouse house =
          new TestHouse(TestHouse.ROOT.resolve("target/beside-home"), island.prefix());
      house.remove();
      house.up();
      try {
        // When a house comes up beside it, then jobs, pods and services reach each other
        WebApplication application = new WebApplication(house.client(directory), "beside");
        String address = application.start("v1");
        oursWork(house, address);
        theirsWork(island);

        // When the other Docker starts anew and the rules made for us are gone, then so again
        island.stopDocker();
        island.shell().bash(MINUTE, "iptables -F DOCKER-USER").orFail();
        island.startDocker();
        theirsWork(island);
        oursWork(house, address);
      } finally {
        house.remove();
      }

      // When the house is down, then nothing of it is left among the rules of others
      theirsWork(island);
      String rules = island.shell().bash(MINUTE, "iptables-save; nft list tables").orFail();
      assertFalse(rules.contains("esteira"), rules);
      String links = island.shell().bash(MINUTE, "ls /sys/class/net").orFail();
      assertFalse(links.lines().anyMatch(l -> l.matches("est?[0-9a-f]{4}.*")), links);
    }
  }

  /** Published ports, names on a network, and networks that stay apart. */
  private static void theirsWork(Island island) {
    Shell shell = island.shell();
    String get = "for i in $(seq 50); do curl -sf -m 2 --noproxy '*' %s && exit; sleep 0.2; done";
    assertEquals("another\n", shell.bash(MINUTE, get.formatted("127.0.0.1:18080")).orFail());
    assertEquals("another\n", shell.bash(MINUTE, get.formatted("192.0.2.9:18080")).orFail());
    String byName =
        shell.bash(MINUTE, "docker run --rm --network apart box wget -q -O - http://two/").orFail();
    assertEquals("another\n", byName);
    Shell.Result across =
        shell.bash(
            MINUTE,
            """
            ip=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' web)
            timeout -s KILL 3 docker run --name across --network apart box wget -q -O - http://$ip/
            code=$?
            docker rm -f across > /dev/null
            exit $code
            """);
    assertNotEquals(0, across.exitCode());
  }

  /** A job builds, pushes and asks the cluster and the service; so does a pod. */
  private void oursWork(TestHouse house, String address) {
    String fetch =
        "python3 -c \"import urllib.request as u;"
            + " print('got', u.urlopen('%s', timeout=5).read().decode())\"";
    Delivery delivery = new Delivery(house, directory, "beside");
    delivery.file("Dockerfile", "FROM " + Delivery.HUB + "/python:3\nRUN echo built > /built\n");
    delivery.commands(
        "aws ecr get-login-password | docker login --username AWS --password-stdin " + Delivery.HUB,
        "docker build -t " + Delivery.HUB + "/beside:1 .",
        "docker push " + Delivery.HUB + "/beside:1",
        "aws eks update-kubeconfig --name esteira",
        "kubectl rollout status deployment/beside --timeout=30s",
        "curl -sf -m 5 http://" + address + "/ && echo",
        "docker run --rm " + Delivery.HUB + "/beside:1 " + fetch.formatted("http://" + address));
    delivery.deliver();
    Shell shell = house.client(directory);
    String run = "kubectl run asking --restart=Never --image=" + Delivery.HUB + "/python:3 -- ";
    shell.bash(MINUTE, run + fetch.formatted("http://beside/")).orFail();
    String said =
        shell
            .bash(
                MINUTE,
                """
                for i in $(seq 100); do
                  l=$(kubectl logs asking 2> /dev/null)
                  [ -n "$l" ] && break
                  sleep 0.2
                done
                kubectl delete pod asking > /dev/null
                echo "$l"
                """)
            .orFail();
    assertEquals("got v1", said.strip());
  }
}
