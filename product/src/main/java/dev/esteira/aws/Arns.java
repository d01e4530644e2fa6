package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/** Names of things in the form of AWS. */
final class Arns {
  private Arns() {}

  static String principal(String account, Access.Principal principal) {
    String name = principal.name();
    if (name.startsWith("job/")) {
      return "arn:aws:sts::" + account + ":assumed-role/esteira-job/" + name.substring(4);
    }
    if (name.startsWith("instance/")) {
      return "arn:aws:sts::" + account + ":assumed-role/esteira-" + name;
    }
    if (name.startsWith("user/")) {
      return "arn:aws:iam::" + account + ":" + name;
    }
    return "arn:aws:iam::" + account + ":user/" + name;
  }

  static String iam(String account, String resource) {
    return "arn:aws:iam::" + account + ":" + resource;
  }

  /** An id in the form of IAM's, always the same for the same name. */
  static String iamId(String prefix, String name) {
    String hex = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    return prefix + hex.substring(0, 17).toUpperCase(Locale.ROOT);
  }

  static String ec2(String region, String account, String resource) {
    return "arn:aws:ec2:" + region + ":" + account + ":" + resource;
  }

  static String repository(String account, String region, String name) {
    return "arn:aws:ecr:" + region + ":" + account + ":repository/" + name;
  }

  static String cluster(String account, String region, String name) {
    return "arn:aws:eks:" + region + ":" + account + ":cluster/" + name;
  }

  /** A UUID that stands for the name, always the same. */
  static String uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
