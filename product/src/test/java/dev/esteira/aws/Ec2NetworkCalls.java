package dev.esteira.aws;

import dev.esteira.fleet.PublicAddresses;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Networks under the real command lines, and one allocated address, for the tests of calls. */
abstract class Ec2NetworkCalls extends AwsCalls {
  Ec2NetworkCalls() {
    super("ec2");
  }

  @BeforeEach
  void start() {
    aws = new TestingAws(directory);
    key = aws.access.adminKey();
    aws.allocations.add(
        new PublicAddresses.Address("eipalloc-1", "10.77.1.9", Optional.empty(), Map.of()));
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  final String vpc() {
    return text("create-vpc --cidr-block 10.0.0.0/16", "Vpc.VpcId");
  }

  /** A subnet 10.0.1.0/24 of a VPC. */
  final String subnet(String vpc) {
    return text("create-subnet --cidr-block 10.0.1.0/24 --vpc-id " + vpc, "Subnet.SubnetId");
  }
}
