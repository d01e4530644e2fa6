package dev.esteira.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.fleet.Instances.State;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class FleetSystemTest {
  private static final String IMDS = "curl -s -m 5 http://169.254.169.254/latest/";

  private static TestingMachines machines;

  @BeforeAll
  static void open() throws IOException {
    machines = new TestingMachines();
  }

  @AfterAll
  static void close() throws IOException {
    machines.close();
  }

  @Test
  void anInstanceBootsRunsItsUserDataOnceAndKnowsItself() throws Exception {
    String userData = "#!/bin/bash\necho run >> /root/runs\necho said by user data\n";
    String id = machines.running("boots", userData).id();
    TestingMachines.await(() -> machines.in(id, "cat /root/runs").equals("run"));
    assertEquals("running", machines.in(id, "systemctl is-system-running --wait"));
    assertEquals(id, machines.in(id, IMDS + "meta-data/instance-id"));
    assertEquals("200", machines.in(id, "curl -s -o /dev/null -w '%{http_code}' localhost"));
    String console =
        new String(
            machines.fleet().instances().console(id), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(console.contains("said by user data"), console);
    assertTrue(machines.in(id, "cat /var/log/cloud-init-output.log").contains("said by"));
    // When it is restarted, user data does not run again
    machines.fleet().instances().reboot(id);
    machines.fleet().awaitIdle(60_000);
    TestingMachines.await(
        () -> machines.in(id, "systemctl is-system-running --wait").equals("running"));
    assertEquals("run", machines.in(id, "cat /root/runs"));
    end(id);
  }

  @Test
  void metadataAnswersInBothVersionsAndOnlyInstances() throws Exception {
    String id = machines.running("metadata", "").id();
    String token =
        machines.in(
            id,
            "curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300'"
                + " http://169.254.169.254/latest/api/token");
    String asked = "curl -s -H 'X-aws-ec2-metadata-token: " + token + "' ";
    assertEquals(
        "us-east-1a",
        machines.in(
            id, asked + "http://169.254.169.254/latest/meta-data/placement/availability-zone/"));
    assertEquals(
        "us-east-1", machines.in(id, IMDS + "dynamic/instance-identity/document | jq -r .region"));
    assertEquals("workers", machines.in(id, IMDS + "meta-data/iam/security-credentials/"));
    machines.fleet().instances().profile(id, java.util.Optional.empty());
    assertTrue(machines.in(id, IMDS + "meta-data/iam/security-credentials/").contains("404"));
    assertEquals(
        "401",
        machines.in(
            id,
            "curl -s -o /dev/null -w '%{http_code}' -H 'X-aws-ec2-metadata-token: no'"
                + " http://169.254.169.254/latest/meta-data/"));
    assertTrue(
        machines.in(id, IMDS + "meta-data/public-nothing").contains("<title>404 - Not Found"));
    machines
        .fleet()
        .instances()
        .set(id, machines.fleet().instances().setup(id).requiringTokens(true));
    assertTrue(machines.in(id, IMDS + "meta-data/").contains("401 - Unauthorized"));
    end(id);
  }

  @Test
  void aKilledInitIsUnhealthyAndARestartOfTheHouseKeepsWhatRuns() throws Exception {
    String killed = machines.running("killed", "").id();
    String kept = machines.running("kept", "").id();
    machines.in(kept, "echo here > /run/mark");
    Commands.check(List.of("kill", "-9", String.valueOf(machines.pid(killed))));
    TestingMachines.await(
        () -> !machines.fleet().instances().instance(killed).orElseThrow().healthy());
    assertEquals(
        State.RUNNING, machines.fleet().instances().instance(killed).orElseThrow().state());
    machines.restart();
    machines.fleet().awaitIdle(60_000);
    assertEquals("here", machines.in(kept, "cat /run/mark"));
    assertTrue(machines.in(kept, "docker version").contains("Server"));
    // When the engine restarted in between, it is started again
    end(killed);
    end(kept);
  }

  @Test
  void stoppedKeepsItsDiskAndAShutdownFromInsideStops() throws Exception {
    String id = machines.running("stops", "").id();
    machines.in(id, "echo kept > /root/mark");
    machines.fleet().instances().stop(id);
    machines.await(id, State.STOPPED);
    machines.fleet().instances().start(id);
    machines.await(id, State.RUNNING);
    assertEquals("kept", machines.in(id, "cat /root/mark"));
    machines.in(id, "systemctl is-system-running --wait; systemctl poweroff");
    machines.await(id, State.STOPPED);
    machines.fleet().instances().start(id);
    machines.await(id, State.RUNNING);
    machines.in(id, "systemctl is-system-running --wait; systemctl reboot");
    TestingMachines.await(() -> machines.in(id, "cat /root/mark").equals("kept"));
    end(id);
  }

  @Test
  void containersOfAnInstanceShareItsNetworkAndDieWithIt() throws Exception {
    String id = machines.running("docker", "").id();
    machines.in(
        id,
        "systemctl is-system-running --wait; systemctl stop nginx; tar -C / -c usr/bin usr/lib"
            + " usr/lib64 lib lib64 bin | docker import - base");
    String run =
        machines.in(
            id,
            "mkdir /srv/www; echo hello > /srv/www/index.html;"
                + " docker run -d --name web -p 80:8000 -v /srv/www:/www base"
                + " /usr/bin/python3 -m http.server -d /www 8000");
    TestingMachines.await(() -> machines.in(id, "curl -s localhost").equals("hello"));
    assertTrue(machines.in(id, "docker ps").contains("0.0.0.0:80->8000/tcp"), run);
    String address =
        machines.fleet().instances().instance(id).orElseThrow().network().transitAddress();
    assertEquals(
        "hello", Commands.check(List.of("curl", "-s", "-m", "5", "http://" + address)).strip());
    assertTrue(
        machines
            .in(id, "docker run -d -p 80:9000 base /usr/bin/sleep 9")
            .contains("port is already allocated"));
    end(id);
    assertEquals(
        List.of(), machines.engine.containers(Map.of("dev.esteira.owner", "instance/" + id)));
  }

  @Test
  void anImageOfAnInstanceBootsWithItsFilesAndItsOwnUserData() throws Exception {
    String id = machines.running("golden", "").id();
    machines.in(id, "systemctl is-system-running --wait; echo v1 > /etc/golden");
    MachineImage image = machines.fleet().images().create(id, "golden", "", Map.of());
    TestingMachines.await(() ->
        machines.fleet().images().image(image.id()).orElseThrow().state().equals("available"));
    end(id);
    assertFalse(machines.fleet().addresses().of(id).isPresent());
  }

  private static void end(String id) throws InterruptedException {
    machines.fleet().instances().terminate(id, "Client.UserInitiatedShutdown: test");
    machines.await(id, State.TERMINATED);
    assertTrue(
        machines.engine.inspectContainer(machines.fleet().instances().container(id)).isEmpty());
  }
}
