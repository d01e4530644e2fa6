package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.base.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network made, found unchanged, changed and destroyed by Terraform with the provider of AWS,
 * where a machine has both: the directory of providers is named by {@code ESTEIRA_TF_PROVIDERS}.
 */
@Tag("system")
class TerraformNetworkTest {
  private static final Path PROVIDERS =
      Path.of(Objects.requireNonNullElse(System.getenv("ESTEIRA_TF_PROVIDERS"), "/opt/tf-plugins"));
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void makesChangesAndDestroysANetwork() throws IOException {
    Assumptions.assumeTrue(Programs.find("terraform").isPresent(), "no terraform here");
    Assumptions.assumeTrue(Files.isDirectory(PROVIDERS), "no providers here");
    Path work = Files.createDirectories(directory.resolve("terraform"));
    Path main = work.resolve("main.tf");
    try (InputStream text = getClass().getResourceAsStream("terraform/network.tf")) {
      Files.copy(Objects.requireNonNull(text), main);
    }
    Files.writeString(
        work.resolve("rc"),
        "provider_installation {\n  dev_overrides {\n    \"hashicorp/aws\" = \""
            + provider()
            + "\"\n  }\n}\n");
    try (TestingAws aws = new TestingAws(directory)) {
      int vpcs = aws.clouds.now().vpcs().size();
      String made = terraform(aws, work, "apply", "-auto-approve");
      String again = terraform(aws, work, "plan", "-detailed-exitcode");
      Files.writeString(main, Files.readString(main).replace("to_port = 80", "to_port = 88"));
      // The plan has just read it all again.
      String changed = terraform(aws, work, "apply", "-auto-approve", "-refresh=false");
      String gone = terraform(aws, work, "destroy", "-auto-approve", "-refresh=false");

      assertTrue(made.contains("Apply complete! Resources: 10 added"), made);
      assertTrue(again.contains("No changes."), again);
      assertTrue(changed.contains("2 changed, 0 destroyed"), changed);
      assertTrue(gone.contains("10 destroyed"), gone);
      assertEquals(vpcs, aws.clouds.now().vpcs().size());
    }
  }

  /** Its directory; named so, it needs no copying and no sums, which is what an init would do. */
  private static Path provider() throws IOException {
    try (Stream<Path> files = Files.walk(PROVIDERS)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("terraform-provider-aws_"))
          .findFirst()
          .orElseThrow(() -> new IOException("no provider of AWS in " + PROVIDERS))
          .getParent();
    }
  }

  private static String terraform(TestingAws aws, Path work, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "-u",
                "AWS_PROFILE",
                "TF_CLI_CONFIG_FILE=" + work.resolve("rc"),
                "TF_VAR_endpoint=http://127.0.0.1:" + aws.port,
                "AWS_ACCESS_KEY_ID=" + aws.access.adminKey().accessKeyId(),
                "AWS_SECRET_ACCESS_KEY=" + aws.access.adminKey().secretAccessKey(),
                "CHECKPOINT_DISABLE=1",
                "no_proxy=*",
                Programs.require("terraform"),
                "-chdir=" + work));
    command.addAll(List.of(arguments));
    command.add("-no-color");
    return Commands.check(LIMIT, "", command);
  }
}
