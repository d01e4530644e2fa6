package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.git.JgitRepositories;
import dev.esteira.names.RealNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks what {@code aws codecommit credential-helper} gives to git: the access key as user name,
 * and as password the time and a signature of the repository's address. Thread-safe.
 */
public final class CodeCommitLogin implements JgitRepositories.Login {
  private static final Pattern PASSWORD = Pattern.compile("(\\d{8}T\\d{6})Z([0-9a-f]{64})");
  private static final String REGION_DEFAULT = "us-east-1";

  private final Access access;
  private final InstantSource clock;

  public CodeCommitLogin(Access access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  @Override
  public Optional<Access.Principal> check(String user, String password, String host, String path) {
    Matcher matcher = PASSWORD.matcher(password);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    // A session token follows the key after a percent sign.
    String accessKeyId = user.replaceFirst("%.*", "");
    String time = matcher.group(1);
    return access
        .awsKey(accessKeyId)
        .filter(key -> recent(time))
        .filter(key -> matches(key, time, matcher.group(2), host, path))
        .map(Access.AwsKey::principal);
  }

  private boolean recent(String time) {
    SignatureParts parts =
        new SignatureParts("", "-/-/-/aws4_request", List.of(), "", time + "Z", Optional.empty());
    try {
      return Authenticator.SKEW_MAX.compareTo(
              Duration.between(parts.signedAt(), clock.instant()).abs())
          >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean matches(
      Access.AwsKey key, String time, String signature, String host, String path) {
    String name = host.replaceFirst(":\\d+$", "");
    String region =
        RealNames.meaning(name).orElse(null) instanceof RealNames.CodeCommit real
            ? real.region()
            : REGION_DEFAULT;
    String scope = time.substring(0, 8) + "/" + region + "/codecommit/aws4_request";
    String canonical = "GIT\n" + path + "\n\nhost:" + name + "\n\nhost\n";
    String expected =
        SigV4.signature(key.secretAccessKey(), scope, SigV4.stringToSign(time, scope, canonical));
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        signature.getBytes(StandardCharsets.US_ASCII));
  }
}
