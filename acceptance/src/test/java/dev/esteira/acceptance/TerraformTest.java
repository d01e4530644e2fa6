package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A load-balanced group made by Terraform with the provider of AWS, where a machine has both: the
 * directory of providers is named by {@code ESTEIRA_TF_PROVIDERS}.
 */
@Tag("system")
class TerraformTest {
  private static final Path PROVIDERS =
      Path.of(Objects.requireNonNullElse(System.getenv("ESTEIRA_TF_PROVIDERS"), "/opt/tf-plugins"));
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void aLoadBalancedGroupIsMadeServesAndIsDestroyed() throws IOException {
    Shell shell = terraform("line.tf");
    String image =
        shell
            .bash(
                LIMIT,
                "aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text")
            .orFail()
            .strip();
    Shell terraform = shell.with("TF_VAR_image", image);

    terraform.bash(LIMIT, "terraform init -no-color").orFail();
    String made = terraform.bash(LIMIT, "terraform apply -auto-approve -no-color").orFail();
    String again = terraform.bash(LIMIT, "terraform plan -no-color").orFail();
    String served = terraform.bash(LIMIT, SERVED).orFail();
    String gone = terraform.bash(LIMIT, "terraform destroy -auto-approve -no-color").orFail();

    assertTrue(made.contains("7 added"), made);
    assertTrue(again.contains("No changes."), again);
    assertTrue(served.contains("made by terraform"), served);
    assertTrue(gone.contains("7 destroyed"), gone);
  }

  @Test
  void aMachineIsMadeFromAPublicImageAndIsAsItWasWritten() throws IOException {
    Shell terraform = terraform("machine.tf");

    terraform.bash(LIMIT, "terraform init -no-color").orFail();
    String made = terraform.bash(LIMIT, "terraform apply -auto-approve -no-color").orFail();
    String again = terraform.bash(LIMIT, "terraform plan -no-color").orFail();
    String gone = terraform.bash(LIMIT, "terraform destroy -auto-approve -no-color").orFail();

    assertTrue(made.contains("2 added"), made);
    assertTrue(made.contains("same = true"), made);
    assertTrue(again.contains("No changes."), again);
    assertTrue(gone.contains("2 destroyed"), gone);
  }

  /** A client in a directory that holds this file, where Terraform finds its provider. */
  private Shell terraform(String file) throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(PROVIDERS), "no providers here");
    TestHouse house = TestHouse.shared();
    Shell shell =
        house
            .client(directory)
            .with("TF_CLI_CONFIG_FILE", directory.resolve("rc").toString())
            .with("TF_VAR_endpoint", house.endpoints().path("aws").asText())
            .with("CHECKPOINT_DISABLE", "1");
    Assumptions.assumeTrue(shell.bash(LIMIT, "command -v terraform").exitCode() == 0);
    Files.copy(
        TestHouse.ROOT.resolve("acceptance/src/test/resources/terraform").resolve(file),
        directory.resolve(file));
    Files.writeString(
        directory.resolve("rc"),
        "provider_installation {\n  filesystem_mirror {\n    path = \""
            + PROVIDERS
            + "\"\n  }\n}\n");
    return shell;
  }

  private static final String SERVED =
      """
      address=$(aws elbv2 describe-load-balancers --names tf-web --output text --query \
        'LoadBalancers[0].AvailabilityZones[0].LoadBalancerAddresses[0].IpAddress')
      for i in $(seq 100); do
        curl -s -m 5 --noproxy '*' "http://$address/" | grep 'made by' && exit 0
        sleep 0.5
      done
      exit 1
      """;
}
