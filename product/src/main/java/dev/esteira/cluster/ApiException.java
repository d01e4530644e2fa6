package dev.esteira.cluster;

import java.util.List;

/**
 * A failure in the terms of the Kubernetes API: becomes a {@code metav1.Status} with this reason,
 * code and message. Messages are Kubernetes' own, because people and scripts know them.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Reasons of {@code metav1.Status}, with the HTTP status that goes with each. */
  public enum Reason {
    BAD_REQUEST("BadRequest", 400),
    UNAUTHORIZED("Unauthorized", 401),
    FORBIDDEN("Forbidden", 403),
    NOT_FOUND("NotFound", 404),
    METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
    NOT_ACCEPTABLE("NotAcceptable", 406),
    ALREADY_EXISTS("AlreadyExists", 409),
    CONFLICT("Conflict", 409),
    EXPIRED("Expired", 410),
    TOO_LARGE("RequestEntityTooLarge", 413),
    UNSUPPORTED_MEDIA_TYPE("UnsupportedMediaType", 415),
    INVALID("Invalid", 422),
    INTERNAL("InternalError", 500),
    NOT_IMPLEMENTED("NotImplemented", 501),
    UNAVAILABLE("ServiceUnavailable", 503);

    private final String wire;
    private final int status;

    Reason(String wire, int status) {
      this.wire = wire;
      this.status = status;
    }

    public String wire() {
      return wire;
    }

    public int status() {
      return status;
    }
  }

  /**
   * One field that breaks a rule.
   *
   * @param reason {@code FieldValueRequired}, {@code FieldValueInvalid} …
   * @param field its path: {@code spec.selector}
   */
  public record Cause(String reason, String message, String field) {}

  private final Reason reason;
  private final String group;
  private final String resource;
  private final String name;
  private final transient List<Cause> causes;

  private ApiException(
      Reason reason,
      String message,
      String group,
      String resource,
      String name,
      List<Cause> causes) {
    super(message);
    this.reason = reason;
    this.group = group;
    this.resource = resource;
    this.name = name;
    this.causes = List.copyOf(causes);
  }

  public Reason reason() {
    return reason;
  }

  /** The message, never null. */
  public String text() {
    String message = getMessage();
    return message == null ? reason.wire() : message;
  }

  String group() {
    return group;
  }

  /** The plural of the resource, or the kind for {@code INVALID}; empty when none is meant. */
  String resource() {
    return resource;
  }

  String name() {
    return name;
  }

  public List<Cause> causes() {
    return causes;
  }

  public static ApiException of(Reason reason, String message) {
    return new ApiException(reason, message, "", "", "", List.of());
  }

  public static ApiException badRequest(String message) {
    return of(Reason.BAD_REQUEST, message);
  }

  public static ApiException notFound(Kind kind, String name) {
    String message = kind.qualified() + " \"" + name + "\" not found";
    return about(Reason.NOT_FOUND, kind, name, message);
  }

  public static ApiException exists(Kind kind, String name) {
    String message = kind.qualified() + " \"" + name + "\" already exists";
    return about(Reason.ALREADY_EXISTS, kind, name, message);
  }

  public static ApiException conflict(Kind kind, String name, String why) {
    String message =
        "Operation cannot be fulfilled on " + kind.qualified() + " \"" + name + "\": " + why;
    return about(Reason.CONFLICT, kind, name, message);
  }

  /** An update or deletion that names another object than the one that is there now. */
  static ApiException otherThan(Kind kind, String name, String what, String sent, String has) {
    String why = "Precondition failed: " + what + " in precondition: " + sent;
    return conflict(kind, name, why + ", " + what + " in object meta: " + has);
  }

  public static ApiException forbidden(Kind kind, String name, String why) {
    String message = kind.qualified() + " \"" + name + "\" is forbidden: " + why;
    return about(Reason.FORBIDDEN, kind, name, message);
  }

  /** {@code Deployment.apps "x" is invalid: field: message}, with one cause for each field. */
  public static ApiException invalid(Kind kind, String name, List<Cause> causes) {
    List<String> each = causes.stream().map(c -> c.field() + ": " + c.message()).toList();
    String all = each.size() == 1 ? each.get(0) : "[" + String.join(", ", each) + "]";
    String qualified = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    String message = qualified + " \"" + name + "\" is invalid: " + all;
    return new ApiException(Reason.INVALID, message, kind.group(), kind.kind(), name, causes);
  }

  private static ApiException about(Reason reason, Kind kind, String name, String message) {
    return new ApiException(reason, message, kind.group(), kind.plural(), name, List.of());
  }
}
