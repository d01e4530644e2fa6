package dev.esteira.fleet;

import dev.esteira.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names of instance profiles in their forms. */
public final class Profiles {
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
