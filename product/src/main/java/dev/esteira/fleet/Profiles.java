package dev.esteira.fleet;

import dev.esteira.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Instance profiles. There are no rights to grant here, so every name is a profile, and its role
 * has the same name: what counts is that an instance with a profile has keys.
 */
public final class Profiles {
  /** The role of instances that name none. */
  static final String UNNAMED = "esteira-instance";

  private Profiles() {}

  /** The name in a name or an ARN. */
  public static String nameOf(String nameOrArn) {
    return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
  }

  public static String arn(String accountId, String name) {
    return "arn:aws:iam::" + accountId + ":instance-profile/" + name;
  }

  /** The same for the same name. */
  public static String id(String name) {
    String hex = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    return "AIPA" + hex.substring(0, 17).toUpperCase(Locale.ROOT);
  }
}
