package dev.esteira.net.vpc;

/** A change of the networks that breaks a rule; the code is EC2's word for which one. */
public final class CloudRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String text;

  CloudRefusal(String code, String text) {
    super(text);
    this.code = code;
    this.text = text;
  }

  public String code() {
    return code;
  }

  public String text() {
    return text;
  }

  static CloudRefusal invalid(String text) {
    return new CloudRefusal("InvalidParameterValue", text);
  }

  static CloudRefusal dependency(String text) {
    return new CloudRefusal("DependencyViolation", text);
  }

  static CloudRefusal limit(String code, String text) {
    return new CloudRefusal(code, text);
  }
}
