package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.List;
import java.util.Map;

/** What an account may have, and the policies of encryption: all mean TLS 1.2 and 1.3 here. */
final class ElbLimits {
  static final List<String> POLICIES =
      List.of(
          "ELBSecurityPolicy-2016-08",
          "ELBSecurityPolicy-TLS13-1-2-2021-06",
          "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
          "ELBSecurityPolicy-TLS-1-2-2017-01",
          "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
          "ELBSecurityPolicy-FS-1-2-2019-08",
          "ELBSecurityPolicy-FS-1-2-Res-2020-10");

  private static final List<String> LIMITS =
      List.of(
          "application-load-balancers=600",
          "target-groups=600",
          "targets-per-application-load-balancer=1000",
          "listeners-per-application-load-balancer=50",
          "rules-per-application-load-balancer=100",
          "network-load-balancers=500",
          "targets-per-network-load-balancer=1000",
          "listeners-per-network-load-balancer=50",
          "condition-values-per-alb-rule=5",
          "target-groups-per-action-on-application-load-balancer=5",
          "target-groups-per-action-on-network-load-balancer=1",
          "certificates-per-application-load-balancer=25");

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeAccountLimits", this::limits);
    operations.put("DescribeSSLPolicies", this::policies);
  }

  private ObjectNode limits(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode limits = answer.putArray("Limits");
    for (String limit : ElbInput.page(call, LIMITS, answer)) {
      String[] pair = limit.split("=", 2);
      limits.addObject().put("Name", pair[0]).put("Max", pair[1]);
    }
    return answer;
  }

  private ObjectNode policies(Call call) {
    List<String> names = call.texts("Names");
    for (String name : names) {
      if (!POLICIES.contains(name)) {
        throw new AwsException("SSLPolicyNotFound", 400, "SSL policy '" + name + "' not found");
      }
    }
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("SslPolicies");
    for (String name : ElbInput.page(call, names.isEmpty() ? POLICIES : names, answer)) {
      ObjectNode policy = shown.addObject();
      policy.putArray("SslProtocols").add("TLSv1.2").add("TLSv1.3");
      ArrayNode ciphers = policy.putArray("Ciphers");
      ciphers.addObject().put("Name", "TLS_AES_128_GCM_SHA256").put("Priority", 1);
      ciphers.addObject().put("Name", "TLS_AES_256_GCM_SHA384").put("Priority", 2);
      ciphers.addObject().put("Name", "ECDHE-ECDSA-AES128-GCM-SHA256").put("Priority", 3);
      ciphers.addObject().put("Name", "ECDHE-RSA-AES128-GCM-SHA256").put("Priority", 4);
      policy.put("Name", name);
      policy.putArray("SupportedLoadBalancerTypes").add("application").add("network");
    }
    return answer;
  }
}
