package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Build scripts that begin by downloading the clients of the cloud, where that cannot be had. */
@Tag("system")
class DownloadsTest {
  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void downloadedClientsWorkWithoutInternet() {
    // Given the ways in which public delivery files fetch kubectl, authenticator and AWS CLI
    Delivery delivery = new Delivery(house, directory, "downloads");
    String log =
        delivery
            .commands(
                "K=https://dl.k8s.io/release",
                "curl -fsSLO $K/$(curl -fsSL $K/stable.txt)/bin/linux/amd64/kubectl",
                "echo \"$(curl -fsSL $K/v1.28.3/bin/linux/amd64/kubectl.sha256)  kubectl\""
                    + " | sha256sum --check",
                "chmod +x kubectl && ./kubectl version --client --output=json",
                "aws eks update-kubeconfig --name esteira && ./kubectl get namespaces",
                "curl -fsSL -o /usr/local/bin/aws-iam-authenticator https://amazon-eks.s3"
                    + ".us-west-2.amazonaws.com/1.16.8/2020-04-16/bin/linux/amd64"
                    + "/aws-iam-authenticator",
                "curl -fsSO"
                    + " https://s3.us-west-2.amazonaws.com/amazon-eks/1.30.2/2024-07-12/bin"
                    + "/linux/amd64/kubectl"
                    + " && chmod +x kubectl && ./kubectl get nodes",
                "chmod +x /usr/local/bin/aws-iam-authenticator",
                "aws-iam-authenticator token -i esteira | grep -c k8s-aws-v1",
                "curl -fsS https://awscli.amazonaws.com/awscli-exe-linux-x86_64.zip -o aws.zip",
                "unzip -q aws.zip && ./aws/install",
                "curl -fsSL https://deb.nodesource.com/setup_18.x | bash -n",
                "curl -sS -w '%{http_code}'"
                    + " https://dl.k8s.io/release/v1.28.3/bin/linux/ppc/kubeadm")
            .deliver();

    // Then each of them works, the log says what stood in, and what is not had is not found
    assertTrue(log.contains("kubectl: OK"), log);
    assertTrue(log.matches("(?s).*\\bdefault +Active.*"), log);
    assertTrue(log.matches("(?s).*esteira: notice: kubectl v[0-9.]+ of dl.k8s.io cannot .*"), log);
    assertTrue(log.contains("You can now run: "), log);
    assertTrue(log.contains("deb.nodesource.com cannot be fetched from here"), log);
    assertTrue(log.contains("but has none\n404"), log);
  }
}
