package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A group under the real command lines, for the tests of its calls. */
abstract class AutoScalingCalls extends AwsCalls {
  private static final long WAIT_MILLIS = 60_000;
  private static final String IN_SERVICE =
      "AutoScalingGroups[0].Instances[?LifecycleState=='InService'].InstanceId";

  final TestingGroups house = new TestingGroups();

  AutoScalingCalls() {
    super("autoscaling");
  }

  @BeforeEach
  void start() {
    aws = house.open(directory);
    key = aws.access.adminKey();
  }

  @AfterEach
  void stop() {
    aws.close();
    house.close();
  }

  final void refusedSaying(String code, String message, String line) {
    String said = refused(code, line);
    assertTrue(said.contains(message), line + ": " + said);
  }

  static String await(Supplier<String> found, Predicate<String> wanted) {
    long end = System.nanoTime() + WAIT_MILLIS * 1_000_000;
    String last = found.get();
    while (!wanted.test(last)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came, at last: " + last);
      }
      last = found.get();
    }
    return last;
  }

  final String inService(int count) {
    return await(
        () -> text("describe-auto-scaling-groups --auto-scaling-group-names web", IN_SERVICE),
        ids -> count == (ids.isEmpty() ? 0 : ids.split("\t").length));
  }

  /** As scripts do it, abbreviated flags included. */
  final void group(int min, int max) throws Exception {
    Path script = directory.resolve("boot.sh");
    Files.writeString(script, "#!/bin/sh\necho hello\n", StandardCharsets.UTF_8);
    ok(
        "create-launch-configuration --launch-configuration-name lc --image-id ami-1"
            + " --instance-type t3.micro --key-name k --security-groups sg-1"
            + " --metadata-options HttpTokens=required --iam-instance-profile role"
            + " --user-data file://"
            + script);
    ok(
        "create-auto-scaling-group --auto-scaling-group-name web --launch-configuration lc"
            + " --min-size "
            + min
            + " --max-size "
            + max
            // Newer clients have more flags that begin so.
            + (isOldest() ? " --availability-zone" : " --availability-zones")
            + " us-east-1a us-east-1b"
            + " --tags Key=Name,Value=web,PropagateAtLaunch=true Key=own,Value=1,"
            + "PropagateAtLaunch=false");
  }
}
