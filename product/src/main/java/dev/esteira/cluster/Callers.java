package dev.esteira.cluster;

import dev.esteira.access.Access;
import java.util.Optional;

/** What a known caller may do. */
final class Callers {
  private Callers() {}

  /** Pods without a role of their own may look at the API, not at objects. */
  static boolean mayUseObjects(Access.Principal principal) {
    return !principal.name().equals("pods");
  }

  /** Refuses in the words of Kubernetes' RBAC. */
  static void check(Access.Principal principal, String verb, ResourcePath path) {
    if (mayUseObjects(principal)) {
      return;
    }
    String scope =
        path.namespace().isPresent()
            ? " in the namespace \"" + path.namespace().get() + "\""
            : " at the cluster scope";
    String what = path.kind().plural() + path.subresource().map(s -> "/" + s).orElse("");
    throw ApiException.forbidden(
        path.kind(),
        path.name().orElse(""),
        "User \""
            + user(principal)
            + "\" cannot "
            + verb
            + " resource \""
            + what
            + "\" in API group \""
            + path.kind().group()
            + "\""
            + scope);
  }

  private static String user(Access.Principal principal) {
    return principal.name().equals("pods")
        ? "system:serviceaccount:default:default"
        : principal.name()
            + Optional.of(principal)
                .flatMap(Access.Principal::project)
                .map(p -> " of " + p)
                .orElse("");
  }
}
