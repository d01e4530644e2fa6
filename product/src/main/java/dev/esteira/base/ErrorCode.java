package dev.esteira.base;

/** What kind of failure it was, whose fault, and how doors answer it. Wire values never change. */
public enum ErrorCode {
  /** The caller's input breaks a rule. */
  INVALID("invalid", 400, 2),
  /** The caller is not known. */
  UNAUTHENTICATED("unauthenticated", 401, 1),
  /** The caller is known and may not do this. */
  FORBIDDEN("forbidden", 403, 1),
  /** The thing named does not exist. */
  NOT_FOUND("not-found", 404, 3),
  /** The thing exists already with other settings, or changed meanwhile. */
  CONFLICT("conflict", 409, 4),
  /** A stated limit was reached: a size, a count or a time. */
  LIMIT("limit", 413, 1),
  /** Something that this needs cannot be reached. */
  UNAVAILABLE("unavailable", 503, 5),
  /** A program or a right that this needs is missing on the machine. */
  PREREQUISITE("prerequisite", 500, 6),
  /** Our own fault, or the machine's. */
  INTERNAL("internal", 500, 1);

  private final String wire;
  private final int httpStatus;
  private final int exitCode;

  ErrorCode(String wire, int httpStatus, int exitCode) {
    this.wire = wire;
    this.httpStatus = httpStatus;
    this.exitCode = exitCode;
  }

  /** The stable name of this code in JSON answers. */
  public String wire() {
    return wire;
  }

  /** The status with which HTTP doors answer, unless their protocol says otherwise. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The exit code of the command line. */
  public int exitCode() {
    return exitCode;
  }
}
