package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import java.util.regex.Pattern;

/**
 * What may stand in a service or a target: it ends in the balancer's configuration and commands.
 */
final class EdgeRules {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/-]{1,400}");
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  private EdgeRules() {}

  static void checkId(String what, String id) {
    if (!ID.matcher(id).matches()) {
      throw EsteiraException.invalid(
          "'%s' is no id of a %s: expected 1 to 400 of A-Z a-z 0-9 . _ : / -".formatted(id, what));
    }
  }

  static void checkAddress(String address) {
    if (!IPV4.matcher(address).matches()) {
      throw EsteiraException.invalid("'" + address + "' is no IPv4 address");
    }
  }

  static void checkRange(String range) {
    int slash = range.indexOf('/');
    if (slash < 0 || !range.substring(slash + 1).matches("3[0-2]|[12]?[0-9]")) {
      throw EsteiraException.invalid("'" + range + "' is no range: expected ADDRESS/BITS");
    }
    checkAddress(range.substring(0, slash));
  }

  static void checkPort(int port) {
    if (port < 1 || port > 65_535) {
      throw EsteiraException.invalid(port + " is no port: expected 1 to 65535");
    }
  }
}
