package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The Kubernetes service's API: the one cluster of this home. */
final class Eks {
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][A-Za-z0-9_-]{0,99}");

  private final Access access;
  private final Supplier<AwsApi.ClusterEndpoint> cluster;
  private final ClusterNames names;
  private final AwsApi.Notices notices;
  private final Instant createdAt;

  private Eks(
      Access access,
      Supplier<AwsApi.ClusterEndpoint> cluster,
      ClusterNames names,
      AwsApi.Notices notices,
      InstantSource clock) {
    this.access = access;
    this.cluster = cluster;
    this.names = names;
    this.notices = notices;
    this.createdAt = clock.instant();
  }

  static Service service(
      Access access,
      Supplier<AwsApi.ClusterEndpoint> cluster,
      ClusterNames names,
      AwsApi.Notices notices,
      InstantSource clock) {
    Eks eks = new Eks(access, cluster, names, notices, clock);
    return new Service(
        Model.load("eks"), Map.of("ListClusters", eks::list, "DescribeCluster", eks::describe));
  }

  private ObjectNode list(Call call) {
    Page<String> page = Page.of(call, List.of(ClusterNames.OWN), 100);
    ObjectNode answer = Json.object();
    page.items().forEach(answer.putArray("clusters")::add);
    return answer;
  }

  private ObjectNode describe(Call call) {
    String name = call.text("name");
    if (!name.equals(ClusterNames.OWN)) {
      if (!call.caller().isJob() || !NAME.matcher(name).matches()) {
        throw new AwsException(
            "ResourceNotFoundException", 404, "No cluster found for name: " + name + ".");
      }
      names.remember(name);
      notices.notice(
          call.caller().principal(),
          "Notice: the cluster '%s' means this Esteira's cluster '%s' here"
              .formatted(name, ClusterNames.OWN));
    }
    ObjectNode answer = Json.object();
    answer.set("cluster", shown(call, name));
    return answer;
  }

  private ObjectNode shown(Call call, String name) {
    AwsApi.ClusterEndpoint endpoint = cluster.get();
    String account = access.accountId();
    ObjectNode node = Json.object();
    node.put("name", name);
    node.put("arn", Arns.cluster(account, call.caller().region(), name));
    node.put("createdAt", createdAt.toString());
    node.put("version", endpoint.version());
    node.put("endpoint", endpoint.url());
    node.put("roleArn", "arn:aws:iam::" + account + ":role/esteira");
    ObjectNode vpc = node.putObject("resourcesVpcConfig");
    vpc.putArray("subnetIds");
    vpc.putArray("securityGroupIds");
    vpc.put("endpointPublicAccess", true).put("endpointPrivateAccess", true);
    node.put("status", "ACTIVE");
    byte[] pem = endpoint.caPem().getBytes(StandardCharsets.UTF_8);
    node.putObject("certificateAuthority").put("data", Base64.getEncoder().encodeToString(pem));
    node.put("platformVersion", "eks.1");
    node.putObject("tags");
    return node;
  }
}
