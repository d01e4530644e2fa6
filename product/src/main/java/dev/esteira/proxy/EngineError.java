package dev.esteira.proxy;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;

/** A failure as the Engine API says it: a status and {@code {"message": …}}. */
final class EngineError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String text;

  EngineError(int status, String message) {
    super(message);
    this.status = status;
    this.text = message;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }

  static EngineError notFound(String message) {
    return new EngineError(404, message);
  }

  static EngineError invalid(String message) {
    return new EngineError(400, message);
  }

  /** What an owner may never do here; the message says why and what works instead. */
  static EngineError refused(String message) {
    return new EngineError(403, message);
  }

  /** The same failure, as this API's clients read it. */
  static EngineError of(EsteiraException failure) {
    ErrorCode code = failure.code();
    return new EngineError(code == ErrorCode.LIMIT ? 400 : code.httpStatus(), failure.text());
  }
}
