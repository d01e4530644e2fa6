package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;

/** An error of an AWS API: the code that clients compare, and the sentence that people read. */
final class AwsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int status;
  private final transient ObjectNode members;

  AwsException(String code, int status, String message) {
    this(code, status, message, Json.object());
  }

  /** {@code members}: what the error's shape holds beside the message. */
  AwsException(String code, int status, String message, ObjectNode members) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }

  String code() {
    return code;
  }

  int status() {
    return status;
  }

  String text() {
    String message = getMessage();
    return message == null ? code : message;
  }

  ObjectNode members() {
    return members;
  }
}
