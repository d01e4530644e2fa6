package dev.esteira.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of objects that this API server stores, with the names that clients use for them. */
public enum Kind {
  NAMESPACE("", "v1", "Namespace", "namespaces", "ns", false, false),
  NODE("", "v1", "Node", "nodes", "no", false, false),
  POD("", "v1", "Pod", "pods", "po", true, true),
  SERVICE("", "v1", "Service", "services", "svc", true, true),
  ENDPOINTS("", "v1", "Endpoints", "endpoints", "ep", true, false),
  CONFIG_MAP("", "v1", "ConfigMap", "configmaps", "cm", true, false),
  SECRET("", "v1", "Secret", "secrets", "", true, false),
  SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts", "sa", true, false),
  EVENT("", "v1", "Event", "events", "ev", true, false),
  DEPLOYMENT("apps", "v1", "Deployment", "deployments", "deploy", true, true),
  REPLICA_SET("apps", "v1", "ReplicaSet", "replicasets", "rs", true, true),
  ENDPOINT_SLICE("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "", true, false),
  INGRESS("networking.k8s.io", "v1", "Ingress", "ingresses", "ing", true, false);

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;
  private final String shortName;
  private final boolean namespaced;
  private final boolean inAll;

  Kind(
      String group,
      String version,
      String kind,
      String plural,
      String shortName,
      boolean namespaced,
      boolean inAll) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
    this.shortName = shortName;
    this.namespaced = namespaced;
    this.inAll = inAll;
  }

  /** The API group; empty for the core group. */
  public String group() {
    return group;
  }

  public String version() {
    return version;
  }

  /** The group and version as objects carry them: {@code v1}, {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The name that objects carry in {@code kind}. */
  public String kind() {
    return kind;
  }

  /** The resource's name in paths: {@code pods}. */
  public String plural() {
    return plural;
  }

  /** The plural with its group, as messages quote it: {@code deployments.apps}, {@code pods}. */
  public String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  public String singular() {
    return kind.toLowerCase(java.util.Locale.ROOT);
  }

  public List<String> shortNames() {
    return shortName.isEmpty() ? List.of() : List.of(shortName);
  }

  public boolean namespaced() {
    return namespaced;
  }

  /** The groups of kinds that it is in; {@code kubectl get all} asks for {@code all}. */
  public List<String> categories() {
    return inAll ? List.of("all") : List.of();
  }

  /** Whether status is a resource of its own, which ordinary updates leave as it is. */
  public boolean hasStatus() {
    return switch (this) {
      case NAMESPACE, NODE, POD, SERVICE, DEPLOYMENT, REPLICA_SET, INGRESS -> true;
      case ENDPOINTS, CONFIG_MAP, SECRET, SERVICE_ACCOUNT, EVENT, ENDPOINT_SLICE -> false;
    };
  }

  /** Whether it has a {@code scale} subresource. */
  public boolean scalable() {
    return this == DEPLOYMENT || this == REPLICA_SET;
  }

  /** The kind that a path means by group, version and plural. */
  static Optional<Kind> byPlural(String group, String version, String plural) {
    return Arrays.stream(values())
        .filter(k -> k.group.equals(group) && k.version.equals(version) && k.plural.equals(plural))
        .findFirst();
  }

  /** The kind that an object's {@code apiVersion} and {@code kind} mean. */
  public static Optional<Kind> of(String apiVersion, String kind) {
    return Arrays.stream(values())
        .filter(k -> k.apiVersion().equals(apiVersion) && k.kind.equals(kind))
        .findFirst();
  }
}
