package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;

/** {@code metav1.Status}: how the API tells of failures, and of deletions. */
final class ApiStatus {
  private ApiStatus() {}

  static ObjectNode of(ApiException failure) {
    ObjectNode status = head("Failure");
    status.put("message", failure.text()).put("reason", failure.reason().wire());
    ObjectNode details = status.putObject("details");
    put(details, "name", failure.name());
    put(details, "group", failure.group());
    put(details, "kind", failure.resource());
    if (!failure.causes().isEmpty()) {
      ArrayNode causes = details.putArray("causes");
      for (ApiException.Cause cause : failure.causes()) {
        causes
            .addObject()
            .put("reason", cause.reason())
            .put("message", cause.message())
            .put("field", cause.field());
      }
    }
    return status.put("code", failure.reason().status());
  }

  /** The answer to the deletion of an object that is gone. */
  static ObjectNode deleted(Kind kind, ObjectNode object) {
    ObjectNode status = head("Success");
    ObjectNode details = status.putObject("details").put("name", Trees.name(object));
    put(details, "group", kind.group());
    details.put("kind", kind.plural()).put("uid", Trees.uid(object));
    return status;
  }

  /** Failures of other packages, in the terms of the API. */
  static ApiException translate(EsteiraException failure) {
    ApiException.Reason reason =
        switch (failure.code()) {
          case INVALID -> ApiException.Reason.BAD_REQUEST;
          case UNAUTHENTICATED -> ApiException.Reason.UNAUTHORIZED;
          case FORBIDDEN -> ApiException.Reason.FORBIDDEN;
          case NOT_FOUND -> ApiException.Reason.NOT_FOUND;
          case CONFLICT -> ApiException.Reason.CONFLICT;
          case LIMIT -> ApiException.Reason.TOO_LARGE;
          case UNAVAILABLE -> ApiException.Reason.UNAVAILABLE;
          case PREREQUISITE, INTERNAL -> ApiException.Reason.INTERNAL;
        };
    return ApiException.of(reason, failure.text());
  }

  private static ObjectNode head(String outcome) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", outcome);
  }

  private static void put(ObjectNode details, String field, String value) {
    if (!value.isEmpty()) {
      details.put(field, value);
    }
  }
}
