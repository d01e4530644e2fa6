package dev.esteira.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RealNamesTest {
  @Test
  void anEcrHostOfAnyAccountAndRegionIsOurRegistry() {
    assertEquals(
        Optional.of(new RealNames.EcrRegistry("123456789012", "sa-east-1")),
        RealNames.meaning("123456789012.dkr.ecr.sa-east-1.amazonaws.com"));
    assertEquals(
        Optional.of("team/app"),
        RealNames.repository(
            "123456789012.dkr.ecr.sa-east-1.amazonaws.com", "team/app", "10.77.0.1:5050"));
  }

  @Test
  void gitlabsRegistryAndOurOwnAreOurRegistry() {
    assertEquals(
        Optional.of("g/p/i"), RealNames.repository("registry.gitlab.com", "g/p/i", "h:5050"));
    assertEquals(Optional.of("i"), RealNames.repository("h:5050", "i", "h:5050"));
    assertEquals(Optional.empty(), RealNames.repository("quay.io", "i", "h:5050"));
    assertEquals(Optional.empty(), RealNames.repository("docker.io", "library/python", "h:5050"));
  }

  @Test
  void apiHostsNameTheirServiceAndRegion() {
    assertEquals(
        Optional.of(new RealNames.AwsApi("sts", "us-east-1")),
        RealNames.meaning("sts.amazonaws.com"));
    assertEquals(
        Optional.of(new RealNames.AwsApi("ecr", "eu-west-3")),
        RealNames.meaning("api.ecr.eu-west-3.amazonaws.com"));
    assertEquals(
        Optional.of(new RealNames.AwsApi("eks", "us-gov-west-1")),
        RealNames.meaning("eks.us-gov-west-1.amazonaws.com:443"));
    assertEquals(
        Optional.of(new RealNames.CodeCommit("us-east-1")),
        RealNames.meaning("git-codecommit.us-east-1.amazonaws.com"));
  }

  @Test
  void otherNamesAreNotOurs() {
    assertEquals(Optional.empty(), RealNames.meaning("amazonaws.com"));
    assertEquals(Optional.empty(), RealNames.meaning("example.org"));
    assertEquals(Optional.empty(), RealNames.meaning("evilamazonaws.com"));
    assertEquals(Optional.empty(), RealNames.meaning("sts.amazonaws.com.example.org"));
  }
}
