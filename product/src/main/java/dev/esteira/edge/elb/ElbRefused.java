package dev.esteira.edge.elb;

/** A refusal with the code by which clients of the Elastic Load Balancing API know it. */
public final class ElbRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  public ElbRefused(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }

  public String text() {
    String message = getMessage();
    return message == null ? code : message;
  }

  static ElbRefused notFound(String what, String arn) {
    String words = what.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
    return new ElbRefused(what + "NotFound", "The " + words + " '" + arn + "' was not found");
  }
}
