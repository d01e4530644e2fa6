package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.Attributes;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.edge.elb.LoadBalancers.HealthCheck;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import dev.esteira.edge.elb.View;
import dev.esteira.net.vpc.Vpc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Target groups in the API's words. */
final class ElbGroups {
  private static final Pattern MATCHER =
      Pattern.compile("[2-5][0-9]{2}(-[2-5][0-9]{2})?(,[2-5][0-9]{2}(-[2-5][0-9]{2})?)*");
  private static final Pattern PATH = Pattern.compile("/[!-~]{0,1023}");

  private final ElbFeature.Parts parts;
  private final LoadBalancers balancers;

  ElbGroups(ElbFeature.Parts parts) {
    this.parts = parts;
    this.balancers = parts.balancers();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateTargetGroup", this::create);
    operations.put("DescribeTargetGroups", this::describe);
    operations.put("ModifyTargetGroup", this::modify);
    operations.put("DeleteTargetGroup", this::delete);
    operations.put("DescribeTargetGroupAttributes", this::attributes);
    operations.put("ModifyTargetGroupAttributes", this::modifyAttributes);
  }

  private ObjectNode create(Call call) {
    String name = ElbInput.name(call, "target group");
    String type = ElbInput.oneOf(call, "TargetType", "instance", List.of("instance", "ip"));
    String protocol =
        ElbInput.oneOf(call, "Protocol", call.text("Protocol"), List.of("HTTP", "HTTPS", "TCP"));
    ElbInput.oneOf(call, "ProtocolVersion", "HTTP1", List.of("HTTP1", ""));
    ElbInput.oneOf(call, "IpAddressType", "ipv4", List.of("ipv4"));
    call.text("Port");
    int port = ElbInput.number(call, "Port", 0, 1, 65_535);
    String vpc =
        call.optional("VpcId")
            .or(() -> parts.clouds().now().defaultVpc().map(Vpc::id))
            .orElseThrow(() -> ElbInput.invalid("A VPC ID must be specified"));
    if (!parts.clouds().now().vpcs().containsKey(vpc)) {
      throw ElbInput.invalid("The VPC ID '" + vpc + "' is not found");
    }
    TargetGroup made =
        balancers.create(
            new TargetGroup(
                "arn:aws:elasticloadbalancing:%s:%s:targetgroup/%s/%s"
                    .formatted(
                        call.caller().region(), parts.access().accountId(), name, Ids.hex(16)),
                name,
                protocol,
                port,
                type,
                vpc,
                check(call, usual(protocol)),
                Map.of(),
                ElbInput.tags(call)));
    return shown(List.of(made));
  }

  private static HealthCheck usual(String protocol) {
    return protocol.equals("TCP")
        ? new HealthCheck(true, "TCP", "traffic-port", "/", 30, 10, 5, 2, "200-399")
        : new HealthCheck(true, "HTTP", "traffic-port", "/", 30, 5, 5, 2, "200");
  }

  private static HealthCheck check(Call call, HealthCheck before) {
    String port = call.optional("HealthCheckPort").orElse(before.port());
    if (!port.equals("traffic-port") && !port.matches("[1-9][0-9]{0,4}")) {
      throw ElbInput.invalid("Health check port '" + port + "' is neither traffic-port nor a port");
    }
    String path = call.optional("HealthCheckPath").orElse(before.path());
    if (!PATH.matcher(path).matches()) {
      throw ElbInput.invalid("Health check path '" + path + "' must begin with '/'");
    }
    String matcher =
        Optional.of(call.input().path("Matcher").path("HttpCode").asText(""))
            .filter(code -> !code.isEmpty())
            .orElse(before.matcher());
    if (!MATCHER.matcher(matcher).matches()) {
      throw ElbInput.invalid("Health check matcher HTTP code '" + matcher + "' is not valid");
    }
    int interval =
        ElbInput.number(call, "HealthCheckIntervalSeconds", before.intervalSeconds(), 5, 300);
    int timeout =
        ElbInput.number(call, "HealthCheckTimeoutSeconds", before.timeoutSeconds(), 2, 120);
    if (timeout > interval) {
      throw ElbInput.invalid(
          "Health check timeout '%d' must be smaller than or equal to the interval '%d'"
              .formatted(timeout, interval));
    }
    return new HealthCheck(
        call.input().path("HealthCheckEnabled").asBoolean(before.enabled()),
        ElbInput.oneOf(
            call, "HealthCheckProtocol", before.protocol(), List.of("HTTP", "HTTPS", "TCP")),
        port,
        path,
        interval,
        timeout,
        ElbInput.number(call, "HealthyThresholdCount", before.healthyThreshold(), 2, 10),
        ElbInput.number(call, "UnhealthyThresholdCount", before.unhealthyThreshold(), 2, 10),
        matcher);
  }

  private ObjectNode describe(Call call) {
    List<String> arns = call.texts("TargetGroupArns");
    List<String> names = call.texts("Names");
    Optional<String> balancer = call.optional("LoadBalancerArn");
    View view = balancers.view();
    balancer.ifPresent(arn -> {
      if (view.loadBalancer(arn).isEmpty()) {
        throw new AwsException(
            "LoadBalancerNotFound", 400, "Load balancers '[" + arn + "]' not found");
      }
    });
    List<TargetGroup> found =
        view.targetGroups().stream()
            .filter(each -> arns.isEmpty() || arns.contains(each.arn()))
            .filter(each -> names.isEmpty() || names.contains(each.name()))
            .filter(each -> balancer.isEmpty() || view.usersOf(each.arn()).contains(balancer.get()))
            .toList();
    if (found.size() < Math.max(arns.size(), names.size())) {
      throw new AwsException("TargetGroupNotFound", 400, "One or more target groups not found");
    }
    ObjectNode answer = Json.object();
    answer.setAll(shown(ElbInput.page(call, found, answer)));
    return answer;
  }

  private TargetGroup existing(Call call) {
    return balancers
        .view()
        .targetGroup(call.text("TargetGroupArn"))
        .orElseThrow(() ->
            new AwsException("TargetGroupNotFound", 400, "One or more target groups not found"));
  }

  private ObjectNode shown(List<TargetGroup> all) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("TargetGroups");
    all.forEach(each -> list.add(shown(each)));
    return answer;
  }

  private ObjectNode shown(TargetGroup each) {
    HealthCheck check = each.check();
    ObjectNode shown = Json.object();
    shown.put("TargetGroupArn", each.arn()).put("TargetGroupName", each.name());
    shown.put("Protocol", each.protocol()).put("Port", each.port()).put("VpcId", each.vpcId());
    shown.put("HealthCheckProtocol", check.protocol()).put("HealthCheckPort", check.port());
    shown.put("HealthCheckEnabled", check.enabled());
    shown.put("HealthCheckIntervalSeconds", check.intervalSeconds());
    shown.put("HealthCheckTimeoutSeconds", check.timeoutSeconds());
    shown.put("HealthyThresholdCount", check.healthyThreshold());
    shown.put("UnhealthyThresholdCount", check.unhealthyThreshold());
    if (check.overHttp()) {
      shown.put("HealthCheckPath", check.path());
      shown.putObject("Matcher").put("HttpCode", check.matcher());
    }
    balancers.view().usersOf(each.arn()).forEach(shown.putArray("LoadBalancerArns")::add);
    shown.put("TargetType", each.targetType());
    if (!each.protocol().equals("TCP")) {
      shown.put("ProtocolVersion", "HTTP1");
    }
    return shown.put("IpAddressType", "ipv4");
  }

  private ObjectNode modify(Call call) {
    TargetGroup before = existing(call);
    TargetGroup after = before.withCheck(check(call, before.check()));
    balancers.update(after);
    return shown(List.of(after));
  }

  private ObjectNode delete(Call call) {
    balancers.deleteTargetGroup(call.text("TargetGroupArn"));
    return Json.object();
  }

  private ObjectNode attributes(Call call) {
    ObjectNode answer = Json.object();
    ElbInput.showAttributes(
        answer,
        existing(call).attributes(),
        Attributes.TARGET_GROUP,
        Attributes.TARGET_GROUP_FIXED);
    return answer;
  }

  private ObjectNode modifyAttributes(Call call) {
    TargetGroup before = existing(call);
    Map<String, String> next =
        ElbInput.attributes(
            call, before.attributes(), Attributes.TARGET_GROUP, Attributes.TARGET_GROUP_FIXED);
    checkAttributes(before, next);
    balancers.update(before.withAttributes(next));
    return attributes(call);
  }

  private static void checkAttributes(TargetGroup group, Map<String, String> next) {
    boolean tcp = group.protocol().equals("TCP");
    range(next, "deregistration_delay.timeout_seconds", 0, 3_600);
    range(next, "stickiness.lb_cookie.duration_seconds", 1, 604_800);
    among(next, "stickiness.enabled", List.of("true", "false"));
    among(next, "proxy_protocol_v2.enabled", tcp ? List.of("true", "false") : List.of("false"));
    among(next, "stickiness.type", List.of(tcp ? "source_ip" : "lb_cookie"));
    among(
        next,
        "load_balancing.algorithm.type",
        List.of("round_robin", "least_outstanding_requests"));
  }

  private static void range(Map<String, String> all, String key, int min, int max) {
    String value = all.getOrDefault(key, String.valueOf(min));
    if (!value.matches("[0-9]{1,6}")
        || Integer.parseInt(value) < min
        || Integer.parseInt(value) > max) {
      throw ElbInput.invalid(
          "'%s' must be between '%d' and '%d' inclusive".formatted(key, min, max));
    }
  }

  private static void among(Map<String, String> all, String key, List<String> possible) {
    String value = all.get(key);
    if (value != null && !possible.contains(value)) {
      throw ElbInput.unsupported(
          "the value '%s' of %s here (possible: %s)"
              .formatted(value, key, String.join(", ", possible)));
    }
  }
}
