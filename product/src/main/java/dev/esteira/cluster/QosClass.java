package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The quality of service class of a pod, from its requests and limits. */
final class QosClass {
  private QosClass() {}

  static String of(ObjectNode spec) {
    List<ObjectNode> containers = new ArrayList<>(Trees.objects(spec, "containers"));
    containers.addAll(Trees.objects(spec, "initContainers"));
    boolean none = true;
    boolean guaranteed = true;
    for (ObjectNode container : containers) {
      for (String resource : List.of("cpu", "memory")) {
        JsonNode limit = Trees.at(container, "resources", "limits", resource);
        JsonNode request = Trees.at(container, "resources", "requests", resource);
        none &= limit.isMissingNode() && request.isMissingNode();
        boolean same = request.isMissingNode() || request.equals(limit);
        guaranteed &= !limit.isMissingNode() && same;
      }
    }
    return none ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }
}
