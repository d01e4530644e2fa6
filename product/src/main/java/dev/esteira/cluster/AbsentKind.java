package dev.esteira.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Kinds of Kubernetes that are known by name alone: clients find them, so that they get an answer
 * that says what to do instead, where they would else guess at missing custom resources.
 */
enum AbsentKind {
  HPA(
      "autoscaling/v2beta1 autoscaling/v2beta2 autoscaling/v1 autoscaling/v2",
      "HorizontalPodAutoscaler",
      "horizontalpodautoscalers",
      "hpa",
      "nothing here scales by load: set spec.replicas of the Deployment, or use kubectl scale"),
  STATEFUL_SET(
      "apps/v1",
      "StatefulSet",
      "statefulsets",
      "sts",
      "pods keep no files here when they end: a Deployment runs what can do without,"
          + " a container beside the cluster what cannot"),
  DAEMON_SET(
      "apps/v1",
      "DaemonSet",
      "daemonsets",
      "ds",
      "the house is the only node: a Deployment of one replica runs the same"),
  JOB(
      "batch/v1",
      "Job",
      "jobs",
      "",
      "run it as a command of the pipeline, with docker run, or as an init container"),
  CRON_JOB(
      "batch/v1beta1 batch/v1",
      "CronJob",
      "cronjobs",
      "cj",
      "a schedule of a project runs commands at times: esteira schedule --help"),
  CLAIM(
      "v1",
      "PersistentVolumeClaim",
      "persistentvolumeclaims",
      "pvc",
      "pods keep no files here when they end: an emptyDir lasts as long as its pod"),
  VOLUME(
      "v1",
      "PersistentVolume",
      "persistentvolumes",
      "pv",
      "pods keep no files here when they end: an emptyDir lasts as long as its pod"),
  STORAGE_CLASS(
      "storage.k8s.io/v1",
      "StorageClass",
      "storageclasses",
      "sc",
      "there are no volumes here that outlive a pod"),
  ROLE("rbac.authorization.k8s.io/v1", "Role", "roles", "", AbsentKind.RIGHTS),
  ROLE_BINDING(
      "rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", "", AbsentKind.RIGHTS),
  CLUSTER_ROLE(
      "rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", "", AbsentKind.RIGHTS),
  CLUSTER_ROLE_BINDING(
      "rbac.authorization.k8s.io/v1",
      "ClusterRoleBinding",
      "clusterrolebindings",
      "",
      AbsentKind.RIGHTS),
  NETWORK_POLICY(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "networkpolicies",
      "netpol",
      "pods of this cluster may all reach each other"),
  INGRESS_CLASS(
      "networking.k8s.io/v1",
      "IngressClass",
      "ingressclasses",
      "",
      "every Ingress is served here, whatever class it names"),
  DISRUPTION_BUDGET(
      "policy/v1beta1 policy/v1",
      "PodDisruptionBudget",
      "poddisruptionbudgets",
      "pdb",
      "nothing here evicts pods; rolling updates follow spec.strategy of the Deployment"),
  QUOTA("v1", "ResourceQuota", "resourcequotas", "quota", AbsentKind.LIMITS),
  LIMIT_RANGE("v1", "LimitRange", "limitranges", "limits", AbsentKind.LIMITS),
  OLD_INGRESS(
      "extensions/v1beta1 networking.k8s.io/v1beta1",
      "Ingress",
      "ingresses",
      "",
      "Kubernetes 1.22 took this version away: write apiVersion networking.k8s.io/v1, a pathType,"
          + " and backend.service with name and port"),
  OLD_DEPLOYMENT(
      "extensions/v1beta1 apps/v1beta1 apps/v1beta2",
      "Deployment",
      "deployments",
      "",
      "Kubernetes 1.16 took this version away: write apiVersion apps/v1, and spec.selector with the"
          + " labels of the template");

  static final String RIGHTS =
      "there are no rights within this cluster: who may call it may do everything, and pods get no"
          + " token for it";
  static final String LIMITS = "limits count where containers have them, in spec.containers";

  private final String versions;
  private final String kind;
  private final String plural;
  private final String shortName;
  private final String instead;

  AbsentKind(String versions, String kind, String plural, String shortName, String instead) {
    this.versions = versions;
    this.kind = kind;
    this.plural = plural;
    this.shortName = shortName;
    this.instead = instead;
  }

  /** As objects carry them, the one that clients prefer last. */
  List<String> versions() {
    return List.of(versions.split(" "));
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  String singular() {
    return kind.toLowerCase(Locale.ROOT);
  }

  List<String> shortNames() {
    return shortName.isEmpty() ? List.of() : List.of(shortName);
  }

  boolean namespaced() {
    return switch (this) {
      case VOLUME, STORAGE_CLASS, CLUSTER_ROLE, CLUSTER_ROLE_BINDING, INGRESS_CLASS -> false;
      case HPA,
          STATEFUL_SET,
          DAEMON_SET,
          JOB,
          CRON_JOB,
          CLAIM,
          ROLE,
          ROLE_BINDING,
          NETWORK_POLICY,
          DISRUPTION_BUDGET,
          QUOTA,
          LIMIT_RANGE,
          OLD_INGRESS,
          OLD_DEPLOYMENT ->
          true;
    };
  }

  /** The answer to a path of such a kind: that an object is not there, or why it cannot be. */
  static Optional<ApiException> refusal(String method, String path) {
    return Arrays.stream(values())
        .flatMap(
            kind -> kind.versions().stream().flatMap(v -> kind.refusal(v, method, path).stream()))
        .findFirst();
  }

  private Optional<ApiException> refusal(String version, String method, String path) {
    String root = (version.contains("/") ? "/apis/" : "/api/") + version + "/";
    if (!path.startsWith(root)) {
      return Optional.empty();
    }
    List<String> parts = List.of(path.substring(root.length()).split("/"));
    boolean within = namespaced() && parts.getFirst().equals("namespaces") && parts.size() > 2;
    List<String> rest = within ? parts.subList(2, parts.size()) : parts;
    if (!rest.getFirst().equals(plural)) {
      return Optional.empty();
    }
    String group = version.contains("/") ? "." + version.substring(0, version.indexOf('/')) : "";
    if (rest.size() > 1 && !method.equals("PUT")) {
      return Optional.of(
          ApiException.of(
              ApiException.Reason.NOT_FOUND,
              "%s%s \"%s\" not found".formatted(plural, group, rest.get(1))));
    }
    return Optional.of(
        ApiException.of(
            ApiException.Reason.METHOD_NOT_ALLOWED,
            "%s (%s) is not supported by Esteira: %s".formatted(kind, version, instead)));
  }
}
