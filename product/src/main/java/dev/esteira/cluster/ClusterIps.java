package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Optional;

/** ClusterIPs of Services: taken when a Service is made, given back when it is gone. */
final class ClusterIps {
  static final String NONE = "None";

  private ClusterIps() {}

  /** Completes {@code spec.clusterIP}; headless and external-name Services have none. */
  static void take(ServiceAddresses addresses, ObjectNode service) {
    ObjectNode spec = Trees.object(service, "spec");
    if (Trees.text(spec, "type").equals("ExternalName")) {
      return;
    }
    Optional<String> wanted = Trees.optional(spec, "clusterIP");
    if (wanted.filter(NONE::equals).isEmpty()) {
      set(spec, takeOrRefuse(addresses, service, wanted));
    } else {
      set(spec, NONE);
    }
  }

  private static String takeOrRefuse(
      ServiceAddresses addresses, ObjectNode service, Optional<String> wanted) {
    try {
      return addresses.take(holder(service), wanted);
    } catch (EsteiraException e) {
      ApiException.Cause cause =
          new ApiException.Cause(
              "FieldValueInvalid",
              "Invalid value: \"" + wanted.orElse("") + "\": failed to allocate IP: " + e.text(),
              "spec.clusterIPs");
      throw ApiException.invalid(Kind.SERVICE, Trees.name(service), List.of(cause));
    }
  }

  /** What an update leaves out stays as it was: {@code kubectl replace} sends no address. */
  static void complete(ServiceAddresses addresses, ObjectNode wanted, ObjectNode old) {
    ObjectNode spec = Trees.object(wanted, "spec");
    if (Trees.text(spec, "type").equals("ExternalName")) {
      spec.remove(List.of("clusterIP", "clusterIPs"));
      return;
    }
    Optional<String> had = Trees.optional(old, "spec", "clusterIP");
    if (had.isPresent() && Trees.text(spec, "clusterIP").isEmpty()) {
      set(spec, had.get());
    } else if (had.isEmpty()) {
      Trees.metadata(wanted).put("uid", Trees.uid(old));
      take(addresses, wanted);
    }
  }

  static void release(ServiceAddresses addresses, ObjectNode service) {
    addresses.release(holder(service));
  }

  private static String holder(ObjectNode service) {
    return "service/" + Trees.uid(service);
  }

  private static void set(ObjectNode spec, String address) {
    spec.put("clusterIP", address);
    spec.putArray("clusterIPs").add(address);
  }
}
