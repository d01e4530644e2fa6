package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which fields an object must have: {@code metadata.name=x,status.phase!=Running}. */
record FieldSelector(List<Term> terms) {
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");

  record Term(String field, boolean equal, String value) {}

  FieldSelector {
    terms = List.copyOf(terms);
  }

  static FieldSelector parse(Kind kind, String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        boolean unequal = part.contains("!=");
        String[] sides = part.split("!=|==|=", 2);
        if (sides.length < 2) {
          throw ApiException.badRequest(
              "invalid selector: '" + text + "'; can't understand '" + part + "'");
        }
        String field = sides[0].strip();
        if (!ALWAYS.contains(field) && !fields(kind).contains(field)) {
          throw ApiException.badRequest("field label not supported: " + field);
        }
        terms.add(new Term(field, !unequal, sides[1].strip()));
      }
    }
    return new FieldSelector(terms);
  }

  private static Set<String> fields(Kind kind) {
    return switch (kind) {
      case POD ->
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName");
      case EVENT ->
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type");
      case NODE -> Set.of("spec.unschedulable");
      case NAMESPACE -> Set.of("status.phase");
      case SECRET -> Set.of("type");
      case SERVICE -> Set.of("spec.clusterIP", "spec.type");
      case REPLICA_SET -> Set.of("status.replicas");
      case DEPLOYMENT, ENDPOINTS, CONFIG_MAP, SERVICE_ACCOUNT, ENDPOINT_SLICE, INGRESS -> Set.of();
    };
  }

  boolean matches(ObjectNode object) {
    return terms.stream().allMatch(t -> t.equal() == value(object, t.field()).equals(t.value()));
  }

  private static String value(ObjectNode object, String field) {
    if (field.equals("source")) {
      return Trees.text(object, "source", "component");
    }
    String text = Trees.text(object, field.split("\\."));
    boolean flag = field.equals("spec.unschedulable") || field.equals("spec.hostNetwork");
    return text.isEmpty() && flag ? "false" : text;
  }

  /** The one name that can match, if a term says so. */
  Optional<String> name() {
    return terms.stream()
        .filter(t -> t.equal() && t.field().equals("metadata.name"))
        .map(Term::value)
        .findFirst();
  }
}
