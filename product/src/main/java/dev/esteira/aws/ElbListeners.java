package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.edge.elb.LoadBalancers.Listener;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Listeners and their certificates in the API's words. */
final class ElbListeners {
  private static final String POLICY = ElbLimits.POLICIES.getFirst();

  private final ElbFeature.Parts parts;
  private final LoadBalancers balancers;

  ElbListeners(ElbFeature.Parts parts) {
    this.parts = parts;
    this.balancers = parts.balancers();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateListener", this::create);
    operations.put("DescribeListeners", this::describe);
    operations.put("ModifyListener", this::modify);
    operations.put("DeleteListener", this::delete);
    operations.put("DescribeListenerAttributes", this::attributes);
    operations.put("ModifyListenerAttributes", this::modifyAttributes);
    operations.put("DescribeListenerCertificates", this::certificates);
    operations.put("AddListenerCertificates", this::addCertificates);
    operations.put("RemoveListenerCertificates", this::removeCertificates);
  }

  private ObjectNode create(Call call) {
    View view = balancers.view();
    String balancer = call.text("LoadBalancerArn");
    if (view.loadBalancer(balancer).isEmpty()) {
      throw new AwsException(
          "LoadBalancerNotFound", 400, "Load balancer '" + balancer + "' not found");
    }
    String arn = balancer.replace(":loadbalancer/", ":listener/") + "/" + Ids.hex(16);
    call.text("Port");
    Listener listener =
        new Listener(
            arn,
            balancer,
            protocol(call, call.text("Protocol")),
            ElbInput.number(call, "Port", 0, 1, 65_535),
            policy(call, POLICY),
            certificate(call).map(List::of).orElse(List.of()),
            ElbInput.tags(call));
    Rule otherwise =
        new Rule(
            ElbRules.arn(arn),
            arn,
            Optional.empty(),
            List.of(),
            ElbActions.read(call.input().path("DefaultActions"), view),
            Map.of());
    balancers.create(listener, otherwise);
    return shown(List.of(listener));
  }

  private static String protocol(Call call, String otherwise) {
    return ElbInput.oneOf(call, "Protocol", otherwise, List.of("HTTP", "HTTPS", "TCP", "TLS"));
  }

  private static String policy(Call call, String otherwise) {
    if (call.input().has("AlpnPolicy") || call.input().has("MutualAuthentication")) {
      throw ElbInput.unsupported("AlpnPolicy and MutualAuthentication");
    }
    String policy = call.optional("SslPolicy").orElse(otherwise);
    if (!ElbLimits.POLICIES.contains(policy)) {
      throw new AwsException("SSLPolicyNotFound", 400, "SSL policy '" + policy + "' not found");
    }
    return policy;
  }

  private Optional<String> certificate(Call call) {
    JsonNode all = call.input().path("Certificates");
    if (all.size() > 1) {
      throw new AwsException(
          "TooManyCertificates", 400, "Only one certificate can be specified here");
    }
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(known(all.get(0).path("CertificateArn").asText()));
  }

  private String known(String arn) {
    if (parts.certificates().find(arn).isEmpty()) {
      throw new AwsException("CertificateNotFound", 400, "Certificate '" + arn + "' not found");
    }
    return arn;
  }

  private ObjectNode describe(Call call) {
    View view = balancers.view();
    List<String> arns = call.texts("ListenerArns");
    Optional<String> balancer = call.optional("LoadBalancerArn");
    if (arns.isEmpty() && balancer.isEmpty()) {
      throw ElbInput.invalid("You must specify either listener ARNs or a load balancer ARN");
    }
    balancer.ifPresent(arn -> {
      if (view.loadBalancer(arn).isEmpty()) {
        throw new AwsException(
            "LoadBalancerNotFound", 400, "Load balancer '" + arn + "' not found");
      }
    });
    List<Listener> found =
        view.listeners().stream()
            .filter(each -> arns.isEmpty() || arns.contains(each.arn()))
            .filter(each -> balancer.isEmpty() || balancer.get().equals(each.loadBalancerArn()))
            .toList();
    if (found.size() < arns.size()) {
      throw new AwsException("ListenerNotFound", 400, "One or more listeners not found");
    }
    ObjectNode answer = Json.object();
    answer.setAll(shown(ElbInput.page(call, found, answer)));
    return answer;
  }

  private Listener existing(Call call) {
    return balancers
        .view()
        .listener(call.text("ListenerArn"))
        .orElseThrow(
            () -> new AwsException("ListenerNotFound", 400, "One or more listeners not found"));
  }

  private Rule otherwise(String listener) {
    return balancers.view().rulesOf(listener).getLast();
  }

  private ObjectNode shown(List<Listener> all) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Listeners");
    for (Listener each : all) {
      ObjectNode shown = list.addObject();
      shown.put("ListenerArn", each.arn()).put("LoadBalancerArn", each.loadBalancerArn());
      shown.put("Port", each.port()).put("Protocol", each.protocol());
      if (!each.certificates().isEmpty()) {
        shown
            .putArray("Certificates")
            .addObject()
            .put("CertificateArn", each.certificates().getFirst());
        shown.put("SslPolicy", each.sslPolicy());
      }
      ElbActions.show(shown.putArray("DefaultActions"), otherwise(each.arn()).action());
    }
    return answer;
  }

  private ObjectNode modify(Call call) {
    Listener before = existing(call);
    String protocol = protocol(call, before.protocol());
    List<String> certificates = new ArrayList<>(before.certificates());
    certificate(call)
        .ifPresent(arn -> {
          certificates.remove(arn);
          if (!certificates.isEmpty()) {
            certificates.removeFirst();
          }
          certificates.addFirst(arn);
        });
    if (protocol.equals("HTTP") || protocol.equals("TCP")) {
      certificates.clear();
    }
    Listener after =
        new Listener(
            before.arn(),
            before.loadBalancerArn(),
            protocol,
            ElbInput.number(call, "Port", before.port(), 1, 65_535),
            policy(call, before.sslPolicy()),
            certificates,
            before.tags());
    Rule rule = otherwise(before.arn());
    JsonNode actions = call.input().path("DefaultActions");
    Rule changed =
        actions.isEmpty()
            ? rule
            : new Rule(
                rule.arn(),
                rule.listenerArn(),
                Optional.empty(),
                List.of(),
                ElbActions.read(actions, balancers.view()),
                rule.tags());
    balancers.update(after, changed);
    return shown(List.of(after));
  }

  private ObjectNode delete(Call call) {
    balancers.deleteListener(existing(call).arn());
    return Json.object();
  }

  private ObjectNode certificates(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Certificates");
    List<String> all = existing(call).certificates();
    for (String arn : all) {
      list.addObject().put("CertificateArn", arn).put("IsDefault", arn.equals(all.getFirst()));
    }
    return answer;
  }

  private ObjectNode addCertificates(Call call) {
    Listener before = existing(call);
    if (before.certificates().isEmpty()) {
      throw new AwsException(
          "UnsupportedProtocol", 400, "Certificates cannot be added to this listener");
    }
    List<String> all = new ArrayList<>(before.certificates());
    ObjectNode answer = Json.object();
    ArrayNode added = answer.putArray("Certificates");
    for (JsonNode each : call.input().path("Certificates")) {
      String arn = known(each.path("CertificateArn").asText());
      if (!all.contains(arn)) {
        all.add(arn);
      }
      added.addObject().put("CertificateArn", arn).put("IsDefault", false);
    }
    balancers.update(before.withCertificates(all), otherwise(before.arn()));
    return answer;
  }

  private ObjectNode removeCertificates(Call call) {
    Listener before = existing(call);
    List<String> all = new ArrayList<>(before.certificates());
    for (JsonNode each : call.input().path("Certificates")) {
      String arn = each.path("CertificateArn").asText();
      if (!all.isEmpty() && arn.equals(all.getFirst())) {
        throw new AwsException(
            "OperationNotPermitted", 400, "Default certificate cannot be removed");
      }
      all.remove(arn);
    }
    balancers.update(before.withCertificates(all), otherwise(before.arn()));
    return Json.object();
  }

  private ObjectNode attributes(Call call) {
    ObjectNode answer = Json.object();
    ElbInput.showAttributes(answer, Map.of(), Map.of(), fixed(existing(call)));
    return answer;
  }

  /** None of them can be changed; to set one as it is, is no change. */
  private ObjectNode modifyAttributes(Call call) {
    var _ = ElbInput.attributes(call, Map.of(), Map.of(), fixed(existing(call)));
    return attributes(call);
  }

  private static Map<String, String> fixed(Listener listener) {
    return listener.protocol().startsWith("HTTP")
        ? Map.of("routing.http.response.server.enabled", "true")
        : Map.of("tcp.idle_timeout.seconds", "350");
  }
}
