package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is refused in a pod's specification, in Pods and in templates. */
final class PodRules {
  private PodRules() {}

  /** Checks {@code spec} of a Pod or of a template. */
  static void spec(ObjectNode spec, String path, Violations out) {
    Set<String> volumes = volumes(spec, path + ".volumes", out);
    Set<String> names = new HashSet<>();
    if (Trees.objects(spec, "containers").isEmpty()) {
      out.required(path + ".containers");
    }
    for (String list : List.of("containers", "initContainers")) {
      int i = 0;
      for (ObjectNode container : Trees.objects(spec, list)) {
        String at = path + "." + list + "[" + i++ + "]";
        ContainerRules.check(container, at, volumes, out);
        String name = Trees.text(container, "name");
        if (!name.isEmpty() && !names.add(name)) {
          out.duplicate(at + ".name", name);
        }
      }
    }
    oneOf(spec, "restartPolicy", path, List.of("Always", "OnFailure", "Never"), out);
    oneOf(
        spec,
        "dnsPolicy",
        path,
        List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"),
        out);
    long grace = Trees.number(spec, "terminationGracePeriodSeconds");
    if (grace < 0) {
      out.invalid(
          path + ".terminationGracePeriodSeconds", grace, "must be greater than or equal to 0");
    }
    NameRules.labelMap(Trees.texts(spec, "nodeSelector"), path + ".nodeSelector", out);
    for (String field : List.of("serviceAccountName", "nodeName")) {
      Trees.optional(spec, field)
          .ifPresent(n ->
              NameRules.subdomain(n).ifPresent(why -> out.invalid(path + "." + field, n, why)));
    }
    Trees.optional(spec, "hostname")
        .ifPresent(
            n -> NameRules.label(n).ifPresent(why -> out.invalid(path + ".hostname", n, why)));
  }

  private static Set<String> volumes(ObjectNode spec, String path, Violations out) {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (ObjectNode volume : Trees.objects(spec, "volumes")) {
      String at = path + "[" + i++ + "]";
      String name = Trees.text(volume, "name");
      if (name.isEmpty()) {
        out.required(at + ".name");
      } else {
        NameRules.label(name).ifPresent(why -> out.invalid(at + ".name", name, why));
      }
      if (!names.add(name)) {
        out.duplicate(at + ".name", name);
      }
      if (volume.size() > 2) {
        out.forbidden(at, "may not specify more than 1 volume type");
      }
      source(volume, at, out);
    }
    return names;
  }

  private static void source(ObjectNode volume, String at, Violations out) {
    required(volume, "secret", "secretName", at, out);
    required(volume, "configMap", "name", at, out);
    required(volume, "hostPath", "path", at, out);
    required(volume, "persistentVolumeClaim", "claimName", at, out);
  }

  private static void required(
      ObjectNode volume, String source, String field, String at, Violations out) {
    JsonNode found = volume.path(source);
    if (found.isObject() && Trees.text(found, field).isEmpty()) {
      out.required(at + "." + source + "." + field);
    }
  }

  static void oneOf(
      ObjectNode node, String field, String path, List<String> supported, Violations out) {
    String value = Trees.text(node, field);
    if (!value.isEmpty() && !supported.contains(value)) {
      out.unsupported(path + "." + field, value, supported);
    }
  }

  /** Of a Pod that exists, little can be changed. */
  static void update(ObjectNode pod, ObjectNode old, Violations out) {
    ObjectNode before = mutableRemoved(old);
    ObjectNode after = mutableRemoved(pod);
    if (Trees.text(old, "spec", "nodeName").isEmpty()) {
      // Binding to a node is an update here.
      before.remove("nodeName");
      after.remove("nodeName");
    }
    if (!before.equals(after)) {
      out.forbidden(
          "spec",
          "pod updates may not change fields other than `spec.containers[*].image`,"
              + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
              + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds`"
              + " (allow it to be set to 1 if it was previously negative)");
    }
  }

  private static ObjectNode mutableRemoved(ObjectNode pod) {
    ObjectNode spec = Trees.object(pod.deepCopy(), "spec");
    spec.remove(List.of("activeDeadlineSeconds", "tolerations"));
    for (String list : List.of("containers", "initContainers")) {
      Trees.objects(spec, list).forEach(c -> c.remove(List.of("image", "imagePullPolicy")));
    }
    return spec;
  }
}
