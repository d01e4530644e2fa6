package dev.esteira.registry;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;

/**
 * An error answer of the distribution API: one of its codes, a status, and a message for people.
 */
final class RegistryError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The codes of the distribution specification and of Docker's registry, with their statuses. */
  enum Code {
    BLOB_UNKNOWN(404),
    BLOB_UPLOAD_INVALID(400),
    BLOB_UPLOAD_UNKNOWN(404),
    DENIED(403),
    DIGEST_INVALID(400),
    MANIFEST_BLOB_UNKNOWN(404),
    MANIFEST_INVALID(400),
    MANIFEST_UNKNOWN(404),
    NAME_INVALID(400),
    NAME_UNKNOWN(404),
    PAGINATION_NUMBER_INVALID(400),
    RANGE_INVALID(416),
    SIZE_INVALID(413),
    TAG_INVALID(400),
    UNAUTHORIZED(401),
    UNAVAILABLE(503),
    UNKNOWN(500),
    UNSUPPORTED(405);

    private final int status;

    Code(int status) {
      this.status = status;
    }
  }

  private final Code code;
  private final int status;

  RegistryError(Code code, String message) {
    this(code, code.status, message);
  }

  RegistryError(Code code, int status, String message) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
  }

  /**
   * What a failure of the house means on this wire. A reached limit (a full disk) is {@code
   * DENIED}: Docker shows the message of that code at once, where it would send the layer four
   * times more for any other.
   */
  static RegistryError of(EsteiraException failure) {
    return switch (failure.code()) {
      case INVALID -> new RegistryError(Code.DIGEST_INVALID, failure.text());
      case LIMIT -> new RegistryError(Code.DENIED, 413, failure.text());
      case UNAUTHENTICATED -> new RegistryError(Code.UNAUTHORIZED, failure.text());
      case FORBIDDEN -> new RegistryError(Code.DENIED, failure.text());
      case NOT_FOUND -> new RegistryError(Code.BLOB_UNKNOWN, failure.text());
      case CONFLICT -> new RegistryError(Code.BLOB_UPLOAD_INVALID, 409, failure.text());
      case UNAVAILABLE -> new RegistryError(Code.UNAVAILABLE, failure.text());
      case PREREQUISITE, INTERNAL -> new RegistryError(Code.UNKNOWN, failure.text());
    };
  }

  /** The same failure as the door's callers inside the house see it. */
  EsteiraException toHouse() {
    ErrorCode house =
        switch (code) {
          case BLOB_UNKNOWN, BLOB_UPLOAD_UNKNOWN, MANIFEST_UNKNOWN, NAME_UNKNOWN ->
              ErrorCode.NOT_FOUND;
          case DENIED -> status == 413 ? ErrorCode.LIMIT : ErrorCode.FORBIDDEN;
          case SIZE_INVALID -> ErrorCode.LIMIT;
          case UNAUTHORIZED -> ErrorCode.UNAUTHENTICATED;
          case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
          case UNKNOWN -> ErrorCode.INTERNAL;
          case BLOB_UPLOAD_INVALID,
              DIGEST_INVALID,
              MANIFEST_BLOB_UNKNOWN,
              MANIFEST_INVALID,
              NAME_INVALID,
              PAGINATION_NUMBER_INVALID,
              RANGE_INVALID,
              TAG_INVALID,
              UNSUPPORTED ->
              ErrorCode.INVALID;
        };
    return new EsteiraException(house, text(), this);
  }

  int status() {
    return status;
  }

  Code code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  Object body() {
    var error = Json.object().put("code", code.name()).put("message", text());
    return Json.object().set("errors", Json.array().add(error));
  }
}
