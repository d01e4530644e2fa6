package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parameters that would do something that the networks of a home cannot: IPv6 and prefix lists are
 * refused wherever they are asked for, rather than taken and forgotten.
 *
 * <p>IPv6 ranges in the rules of security groups and in ACLs are no such parameters: on AWS, too,
 * they are kept and let nobody in where no interface has an IPv6 address.
 */
final class Ec2Unsupported {
  private static final Pattern UNSUPPORTED = Pattern.compile(".*(Ipv6|PrefixList).*");
  private static final Set<String> HARMLESS = Set.of("Ipv6Ranges", "CidrIpv6");
  private static final Set<String> ACL_ENTRIES =
      Set.of("CreateNetworkAclEntry", "ReplaceNetworkAclEntry");
  private static final Set<String> NOTHING = Set.of("", "0", "false", "disabled");

  private Ec2Unsupported() {}

  static void check(Call call) {
    if (!call.operation().startsWith("Describe") && !ACL_ENTRIES.contains(call.operation())) {
      check(call.input());
    }
  }

  private static void check(JsonNode input) {
    for (Map.Entry<String, JsonNode> member : input.properties()) {
      String name = member.getKey();
      boolean named = UNSUPPORTED.matcher(name).matches() && !HARMLESS.contains(name);
      if (named && isAsked(member.getValue())) {
        throw new AwsException(
            "UnsupportedOperation", 400, "esteira does not support " + name + ": not supported");
      }
      check(member.getValue());
    }
    if (input.isArray()) {
      input.forEach(Ec2Unsupported::check);
    }
  }

  /** Clients also send what they do not want: empty lists, false, none. */
  private static boolean isAsked(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> value.path("Value").asBoolean(false);
      case ARRAY -> !value.isEmpty();
      case BOOLEAN -> value.asBoolean();
      default -> !NOTHING.contains(value.asText());
    };
  }
}
