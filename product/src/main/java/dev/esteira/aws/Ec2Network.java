package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.fleet.PublicAddresses;
import dev.esteira.net.vpc.CloudRefusal;
import dev.esteira.net.vpc.Clouds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The calls of EC2 for virtual private clouds. */
public final class Ec2Network extends Ec2Feature {
  private final Clouds clouds;
  private final Access access;
  private final Function<String, Optional<PublicAddresses.Address>> allocations;

  /** {@code allocations}: elastic addresses by their allocation ids. */
  public Ec2Network(
      Clouds clouds,
      Access access,
      Function<String, Optional<PublicAddresses.Address>> allocations) {
    this.clouds = clouds;
    this.access = access;
    this.allocations = allocations;
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    String account = access.accountId();
    new Ec2NetworkVpcs(clouds, account).addTo(operations);
    new Ec2NetworkSubnets(clouds, account).addTo(operations);
    new Ec2NetworkGroups(clouds, account).addTo(operations);
    new Ec2NetworkRules(clouds, account).addTo(operations);
    new Ec2NetworkAcls(clouds, account).addTo(operations);
    new Ec2NetworkRoutes(clouds, account).addTo(operations);
    new Ec2NetworkGateways(clouds, account).addTo(operations);
    new Ec2NetworkNats(clouds, allocations).addTo(operations);
    new Ec2NetworkInterfaces(clouds, account).addTo(operations);
    Ec2Places.addTo(operations);
    Ec2Absent.addTo(operations);
    operations.replaceAll((_, operation) -> call -> refused(operation, call));
    return operations;
  }

  @Override
  List<Taggable> taggables() {
    return Ec2NetworkTags.of(clouds);
  }

  private static ObjectNode refused(Operation operation, Call call) {
    try {
      return operation.call(call);
    } catch (CloudRefusal e) {
      throw new AwsException(e.code(), 400, e.text());
    }
  }
}
