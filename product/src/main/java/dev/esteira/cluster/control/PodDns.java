package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What stands in a pod's resolv.conf. */
record PodDns(List<String> servers, List<String> searches, List<String> options) {
  static final String DOMAIN = "cluster.local";

  PodDns {
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }

  /** The cluster's, unless the pod's dnsPolicy is None; its dnsConfig is added. */
  static PodDns of(JsonNode pod, String houseAddress) {
    List<String> servers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    List<String> options = new ArrayList<>();
    JsonNode spec = pod.path("spec");
    if (!spec.path("dnsPolicy").asText("").equals("None")) {
      String services = "svc." + DOMAIN;
      servers.add(houseAddress);
      searches.addAll(List.of(Tree.namespace(pod) + "." + services, services, DOMAIN));
      options.add("ndots:5");
    }
    servers.addAll(Tree.strings(spec.path("dnsConfig").path("nameservers")));
    searches.addAll(Tree.strings(spec.path("dnsConfig").path("searches")));
    for (JsonNode option : spec.path("dnsConfig").path("options")) {
      String name = option.path("name").asText("");
      String value = option.path("value").asText("");
      options.removeIf(o -> o.equals(name) || o.startsWith(name + ":"));
      options.add(value.isEmpty() ? name : name + ":" + value);
    }
    return new PodDns(servers, searches, options);
  }

  /** The file's text. */
  String resolvConf() {
    StringBuilder text = new StringBuilder();
    if (!searches.isEmpty()) {
      text.append("search ").append(String.join(" ", searches)).append('\n');
    }
    servers.forEach(s -> text.append("nameserver ").append(s).append('\n'));
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }
}
