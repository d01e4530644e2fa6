package dev.esteira.base;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a person reads: what was tried, on what, why it failed, and what to try next.
 *
 * <p>Failures that belong to the user's own work (a step that exits 1) are values, not exceptions.
 */
public final class EsteiraException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String next;

  public EsteiraException(ErrorCode code, String message) {
    this(code, message, "", null);
  }

  public EsteiraException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, "", cause);
  }

  /**
   * {@code next} is the next thing to try, as a command or a sentence; empty when none is known.
   */
  public EsteiraException(ErrorCode code, String message, String next, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.next = next;
  }

  public ErrorCode code() {
    return code;
  }

  public String next() {
    return next;
  }

  /** The message as it is, never null. */
  public String text() {
    String message = getMessage();
    return message == null ? code.wire() : message;
  }

  public static EsteiraException invalid(String message) {
    return new EsteiraException(ErrorCode.INVALID, message);
  }

  public static EsteiraException notFound(String message) {
    return new EsteiraException(ErrorCode.NOT_FOUND, message);
  }

  public static EsteiraException conflict(String message) {
    return new EsteiraException(ErrorCode.CONFLICT, message);
  }

  public static EsteiraException limit(String message) {
    return new EsteiraException(ErrorCode.LIMIT, message);
  }

  public static EsteiraException unavailable(String message, @Nullable Throwable cause) {
    return new EsteiraException(ErrorCode.UNAVAILABLE, message, cause);
  }

  public static EsteiraException internal(String message, @Nullable Throwable cause) {
    return new EsteiraException(ErrorCode.INTERNAL, message, cause);
  }
}
