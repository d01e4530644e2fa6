package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;

/** {@code SelfSubjectAccessReview}: what {@code kubectl auth can-i} asks. Nothing is stored. */
final class AccessReviews {
  static final String GROUP = "authorization.k8s.io";
  static final String VERSION = "v1";
  static final String KIND = "SelfSubjectAccessReview";
  static final String PLURAL = "selfsubjectaccessreviews";
  static final String PATH = "/apis/" + GROUP + "/" + VERSION + "/" + PLURAL;

  private AccessReviews() {}

  static ObjectNode answer(Access.Principal principal, ObjectNode review) {
    ObjectNode answer = Json.object();
    answer.put("kind", KIND).put("apiVersion", GROUP + "/" + VERSION);
    answer.putObject("metadata");
    answer.set("spec", review.path("spec"));
    answer.putObject("status").put("allowed", Callers.mayUseObjects(principal));
    return answer;
  }
}
