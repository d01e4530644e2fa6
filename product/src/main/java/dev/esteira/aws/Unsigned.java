package dev.esteira.aws;

import dev.esteira.access.Access;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The one call that nobody signs, because it is how a job gets keys: what it hands over speaks for
 * it (AWS STS, AssumeRoleWithWebIdentity).
 */
final class Unsigned {
  private static final String OPERATION = "AssumeRoleWithWebIdentity";

  /** Nobody, who may do nothing. */
  static final Caller CALLER =
      new Caller(new Access.Principal("nobody", Optional.of("")), "", "us-east-1", "sts");

  private Unsigned() {}

  static boolean isMeant(Protocol.Wire wire) {
    return !wire.headers().containsKey("authorization")
        && new String(wire.body(), StandardCharsets.UTF_8).contains("Action=" + OPERATION);
  }

  /** Refuses every other operation, whatever the body made of it. */
  static void check(Caller caller, String operation) {
    if (caller.equals(CALLER) && !operation.equals(OPERATION)) {
      throw new AwsException(
          "MissingAuthenticationToken", 403, "Request is missing Authentication Token");
    }
  }
}
