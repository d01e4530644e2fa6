package dev.esteira.aws;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What EC2 answers for ids that are not there, by the kind of resource. */
final class Ec2Missing {
  private Ec2Missing() {}

  /**
   * Those with the ids, in the order asked; all of them, by id, when none are named.
   *
   * @param prefix such as {@code vpc-}; an id with another beginning is malformed
   */
  static <T> List<T> select(
      Map<String, T> all,
      List<String> ids,
      String prefix,
      String malformed,
      Function<String, AwsException> missing) {
    if (ids.isEmpty()) {
      return all.entrySet().stream()
          .sorted(Comparator.comparing(Map.Entry::getKey))
          .map(Map.Entry::getValue)
          .toList();
    }
    List<T> selected = new ArrayList<>();
    for (String id : ids) {
      if (!id.matches(prefix + "[0-9a-f]{1,17}")) {
        throw new AwsException(
            malformed, 400, "Invalid id: \"" + id + "\" (expecting \"" + prefix + "...\")");
      }
      T found = all.get(id);
      if (found == null) {
        throw missing.apply(id);
      }
      selected.add(found);
    }
    return selected;
  }

  private static AwsException missing(String code, String text) {
    return new AwsException(code, 400, text);
  }

  static AwsException vpc(String id) {
    return missing("InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist");
  }

  static AwsException subnet(String id) {
    return missing("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
  }

  static AwsException gateway(String id) {
    return missing(
        "InvalidInternetGatewayID.NotFound", "The internetGateway ID '" + id + "' does not exist");
  }

  static AwsException nat(String id) {
    return missing("NatGatewayNotFound", "The Nat Gateway " + id + " was not found");
  }

  static AwsException routeTable(String id) {
    return missing("InvalidRouteTableID.NotFound", "The routeTable ID '" + id + "' does not exist");
  }

  static AwsException group(String id) {
    return missing("InvalidGroup.NotFound", "The security group '" + id + "' does not exist");
  }

  static AwsException rule(String id) {
    return missing(
        "InvalidSecurityGroupRuleId.NotFound",
        "The security group rule ID '" + id + "' does not exist");
  }

  static AwsException acl(String id) {
    return missing("InvalidNetworkAclID.NotFound", "The networkAcl ID '" + id + "' does not exist");
  }

  static AwsException networkInterface(String id) {
    return missing(
        "InvalidNetworkInterfaceID.NotFound",
        "The networkInterface ID '" + id + "' does not exist");
  }
}
