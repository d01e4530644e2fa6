package dev.esteira.cli;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A way in a question about networks, as people write it: {@code web->db:53/udp}. */
record NetWay(String from, String to, String port, String protocol) {
  private static final String END = "((?:job:|pod:(?:[^:/\\s]+/)?)?[^:/>\\s]+?)";
  private static final Pattern WAY =
      Pattern.compile(
          "\\s*" + END + "\\s*->\\s*" + END + "(?::([0-9]{1,5}))?(?:/(tcp|udp|icmp))?\\s*");

  /** Several ways, a word each; or one in several words. */
  static List<NetWay> read(List<String> words, String protocol) {
    boolean each = words.stream().allMatch(word -> WAY.matcher(word).matches());
    List<String> texts = each ? words : List.of(String.join("", words));
    return texts.stream().map(text -> read(text, protocol)).toList();
  }

  private static NetWay read(String text, String protocol) {
    Matcher parts = WAY.matcher(text);
    String named = parts.matches() && parts.group(4) != null ? parts.group(4) : protocol;
    if (!parts.matches() || (parts.group(3) == null && !named.equals("icmp"))) {
      throw EsteiraException.invalid("'" + text + "' is not of the form 'A->B:PORT'");
    }
    String port = parts.group(3) == null ? "0" : parts.group(3);
    return new NetWay(parts.group(1), parts.group(2), port, named);
  }

  String query(int sourcePort) {
    return "?from="
        + HouseClient.encode(from)
        + "&to="
        + HouseClient.encode(to)
        + "&port="
        + port
        + "&protocol="
        + HouseClient.encode(protocol)
        + "&sourcePort="
        + sourcePort;
  }
}
