package dev.esteira.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a path of the API names: a collection, an object, or a part of one. */
record ResourcePath(
    Kind kind, Optional<String> namespace, Optional<String> name, Optional<String> subresource) {
  /** Reads a path; empty when it names no kind that is stored here. */
  static Optional<ResourcePath> parse(String path) {
    List<String> parts = Arrays.stream(path.split("/")).filter(p -> !p.isEmpty()).toList();
    if (parts.size() >= 3 && parts.get(0).equals("api")) {
      return parse("", parts.get(1), parts.subList(2, parts.size()));
    }
    if (parts.size() >= 4 && parts.get(0).equals("apis")) {
      return parse(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
    }
    return Optional.empty();
  }

  private static Optional<ResourcePath> parse(String group, String version, List<String> parts) {
    if (parts.get(0).equals("namespaces") && parts.size() >= 3) {
      Optional<Kind> kind = Kind.byPlural(group, version, parts.get(2)).filter(Kind::namespaced);
      if (kind.isPresent()) {
        return of(kind.get(), Optional.of(parts.get(1)), parts.subList(3, parts.size()));
      }
    }
    return Kind.byPlural(group, version, parts.get(0))
        .flatMap(k -> of(k, Optional.empty(), parts.subList(1, parts.size())))
        // A namespaced object has no path outside a namespace.
        .filter(p -> !p.kind().namespaced() || p.name().isEmpty());
  }

  private static Optional<ResourcePath> of(
      Kind kind, Optional<String> namespace, List<String> rest) {
    if (rest.size() > 2) {
      return Optional.empty();
    }
    Optional<String> name = rest.isEmpty() ? Optional.empty() : Optional.of(rest.get(0));
    Optional<String> part = rest.size() < 2 ? Optional.empty() : Optional.of(rest.get(1));
    return Optional.of(new ResourcePath(kind, namespace, name, part));
  }

  /** The namespace as {@link Objects} takes it. */
  String scope() {
    return namespace.orElse("");
  }

  String requireName() {
    return name.orElseThrow(() ->
        ApiException.of(
            ApiException.Reason.METHOD_NOT_ALLOWED,
            "the server does not allow this method on the requested resource"));
  }
}
