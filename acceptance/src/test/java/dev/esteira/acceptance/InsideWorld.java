package dev.esteira.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A VPC of two subnets with the instances {@code web} and {@code db}, an instance {@code far} in
 * the default VPC, a {@code job}, a {@code pod}, and a {@code service} in front of it: all made by
 * unmodified clients, each with a {@link Prober} inside.
 */
final class InsideWorld implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String POD = "prober";
  private static final String METADATA = "169.254.169.254";

  private final TestHouse house;
  private final Shell shell;
  private final Delivery delivery;
  private final Map<String, String> ids = new HashMap<>();
  private final Map<String, String> addresses = new HashMap<>();
  private final Map<String, Prober> probers = new LinkedHashMap<>();
  private Set<Item> standing = new LinkedHashSet<>();

  /** One thing that stands or does not, with the calls that make and remove it. */
  record Item(String what, String make, String remove) {}

  InsideWorld(TestHouse house, Path directory) throws InterruptedException {
    this.house = house;
    this.shell = house.client(directory);
    this.delivery = new Delivery(house, directory, "inside");
    CompletableFuture<Void> job = CompletableFuture.runAsync(this::startJob);
    CompletableFuture<Void> pod = CompletableFuture.runAsync(this::startPod);
    makeNetwork();
    for (String name : List.of("web", "db", "far")) {
      probers.put(
          name,
          Prober.through(
              shell,
              List.of(
                  TestHouse.ROOT.resolve("esteira").toString(),
                  "instance",
                  "shell",
                  id(name),
                  "--")));
    }
    pod.join();
    job.join();
    probers.put("pod", Prober.at(address("pod")));
    probers.put("job", Prober.at(address("job")));
    standing.addAll(built());
  }

  private void startJob() {
    delivery.file("agent.py", Prober.agent()).file("server.py", Prober.server());
    delivery.commands(
        "echo \"ADDRESS $(hostname -i | cut -d' ' -f1)\"",
        "AGENT=$(cat agent.py) exec python3 -u server.py");
    delivery.push();
    addresses.put("job", delivery.awaitLine("ADDRESS", LIMIT));
    JsonNode jobs = house.json("job", "list", delivery.lastRun().path("id").asText(), "--json");
    ids.put("job", "job:" + jobs.path(0).path("id").asText());
  }

  private void startPod() {
    Shell given = shell.with("AGENT", Prober.agent()).with("SERVER", Prober.server());
    String[] found =
        given
            .bash(
                LIMIT,
                """
                kubectl run %1$s --image=%2$s/python:3 --env "AGENT=$AGENT" \
                  --command -- python3 -u -c "$SERVER" >/dev/null
                kubectl expose pod %1$s --type=LoadBalancer --port=80 --target-port=8080 >/dev/null
                kubectl wait --for=condition=Ready pod/%1$s --timeout=120s >/dev/null
                for i in $(seq 100); do
                  a=$(kubectl get service %1$s -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
                  [ -n "$a" ] && break
                  sleep 0.2
                done
                echo $a $(kubectl get pod %1$s -o jsonpath='{.status.podIP}')
                """
                    .formatted(POD, Delivery.HUB))
            .orFail()
            .strip()
            .split(" ");
    addresses.put("service", found[0]);
    addresses.put("pod", found[1]);
    ids.put("pod", "pod:default/" + POD);
  }

  private void makeNetwork() {
    for (String line : bash(network()).split("\n")) {
      String[] words = line.split(" ");
      (words[0].equals("address") ? addresses : ids).put(words[1], words[2]);
    }
    addresses.put("house", house.endpoints().path("house").asText());
    addresses.put("metadata", METADATA);
  }

  private static String network() {
    try (InputStream script = InsideWorld.class.getResourceAsStream("/inside/network.sh")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String id(String name) {
    return known(ids, name);
  }

  String address(String name) {
    return known(addresses, name);
  }

  /** The port of the house at which AWS's calls are answered. */
  int door() {
    return URI.create(house.endpoints().path("aws").asText()).getPort();
  }

  private static String known(Map<String, String> map, String name) {
    String found = map.get(name);
    if (found == null) {
      throw new AssertionError("nothing is called '" + name + "' in " + map);
    }
    return found;
  }

  String bash(String script) {
    return shell.bash(LIMIT, "set -e\n" + script).orFail().strip();
  }

  /** Removes what is not wanted, then makes what is missing; returns when every call has. */
  void bring(Set<Item> wanted) {
    StringBuilder calls = new StringBuilder("all() { for p in $pids; do wait $p; done; pids=; }\n");
    standing.stream()
        .filter(i -> !wanted.contains(i) && !i.remove().isEmpty())
        .forEach(i -> calls.append(call(i.remove())));
    calls.append("all\n");
    wanted.stream().filter(i -> !standing.contains(i)).forEach(i -> calls.append(call(i.make())));
    bash(calls.append("all\n").toString());
    standing = new LinkedHashSet<>(wanted);
  }

  private static String call(String words) {
    return "aws ec2 " + words + " >/dev/null & pids=\"$pids $!\"\n";
  }

  /** As the network was built: out to everywhere, in from nowhere, lists open, all public. */
  Set<Item> built() {
    Set<Item> items = new LinkedHashSet<>();
    for (String group : List.of("web", "db")) {
      items.add(out(group, "-1", -1, -1, "0.0.0.0/0"));
      items.add(elastic(group));
      items.add(member(group, group));
    }
    for (String acl : List.of("first", "second")) {
      items.add(entry(acl, false, 1000, true, "-1", 0, 0, "0.0.0.0/0"));
      items.add(entry(acl, true, 1000, true, "-1", 0, 0, "0.0.0.0/0"));
    }
    items.add(gateway("first"));
    items.add(gateway("second"));
    return items;
  }

  Item in(String group, String protocol, int from, int to, String peer) {
    return permission("ingress", group, protocol, from, to, peer);
  }

  Item out(String group, String protocol, int from, int to, String peer) {
    return permission("egress", group, protocol, from, to, peer);
  }

  /** {@code peer}: a range, or a group's name. */
  private Item permission(
      String way, String group, String protocol, int from, int to, String peer) {
    String who =
        peer.contains("/")
            ? "IpRanges=[{CidrIp=" + peer + "}]"
            : "UserIdGroupPairs=[{GroupId=" + id("sg-" + peer) + "}]";
    String ports = protocol.equals("-1") ? "" : ",FromPort=" + from + ",ToPort=" + to;
    String rest =
        "-security-group-%s --group-id %s --ip-permissions 'IpProtocol=%s%s,%s'"
            .formatted(way, id("sg-" + group), protocol, ports, who);
    return new Item(rest, "authorize" + rest, "revoke" + rest);
  }

  Item entry(
      String acl,
      boolean egress,
      int number,
      boolean allow,
      String protocol,
      int from,
      int to,
      String range) {
    String which =
        "--network-acl-id %s --%s --rule-number %d"
            .formatted(id("acl-" + acl), egress ? "egress" : "ingress", number);
    String ports = protocol.equals("-1") ? "" : " --port-range From=%d,To=%d".formatted(from, to);
    String make =
        "create-network-acl-entry %s --protocol %s --rule-action %s --cidr-block %s%s"
            .formatted(which, protocol, allow ? "allow" : "deny", range, ports);
    return new Item(make, make, "delete-network-acl-entry " + which);
  }

  Item gateway(String table) {
    return route(table, "--gateway-id " + id("igw"));
  }

  Item nat(String table) {
    return route(table, "--nat-gateway-id " + id("nat"));
  }

  private Item route(String table, String target) {
    String which = "--route-table-id " + id("rtb-" + table) + " --destination-cidr-block 0.0.0.0/0";
    return new Item(
        which + target, "create-route " + which + " " + target, "delete-route " + which);
  }

  /** The public address of an instance. */
  Item elastic(String instance) {
    String address = address(instance);
    return new Item(
        "elastic " + instance,
        "associate-address --public-ip " + address + " --instance-id " + id(instance),
        "disassociate-address --public-ip " + address);
  }

  /** The only group of an instance; put another in its place rather than none. */
  Item member(String instance, String group) {
    String make =
        "modify-instance-attribute --instance-id %s --groups %s"
            .formatted(id(instance), id("sg-" + group));
    return new Item(make, make, "");
  }

  /** What came back of each way, all tried at once. */
  Map<Way, String> tried(List<Way> ways) {
    Map<Way, String> answers = new ConcurrentHashMap<>();
    Map<String, List<Way>> byPlace = ways.stream().collect(Collectors.groupingBy(Way::from));
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    byPlace.forEach((place, mine) ->
        asked.add(
            CompletableFuture.runAsync(() -> {
              List<String> heard =
                  probers.get(place).attempt(mine.stream().map(way -> way.attempt(this)).toList());
              for (int i = 0; i < mine.size(); i++) {
                answers.put(mine.get(i), heard.get(i));
              }
            })));
    asked.forEach(CompletableFuture::join);
    return answers;
  }

  /** What {@code esteira net explain} says of each way. */
  Map<Way, JsonNode> explained(List<Way> ways) {
    List<String> words = new ArrayList<>(List.of("net", "explain", "--json"));
    ways.forEach(way -> words.add(way.question(this)));
    JsonNode said = TestHouse.parse(house.esteira(LIMIT, words.toArray(String[]::new)).out());
    Map<Way, JsonNode> byWay = new LinkedHashMap<>();
    for (int i = 0; i < ways.size(); i++) {
      byWay.put(ways.get(i), ways.size() == 1 ? said : said.path(i));
    }
    return byWay;
  }

  @Override
  public void close() {
    probers.values().forEach(Prober::close);
    delivery.cancel();
    shell.bash(LIMIT, "kubectl delete service,pod " + POD + " --wait=false\n" + removal());
  }

  private String removal() {
    return """
    aws ec2 terminate-instances --instance-ids %s %s %s
    aws ec2 delete-nat-gateway --nat-gateway-id %s
    """
        .formatted(id("web"), id("db"), id("far"), id("nat"));
  }
}
