package dev.esteira.proxy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Whether a URL of {@code ADD} may be fetched. The engine fetches it from the host's own network,
 * where no sandbox's rules hold, so addresses that only the host can reach are refused.
 */
final class PublicHost {
  private static final int SHARED_FIRST = 100;
  private static final int SHARED_SECOND_MIN = 64;
  private static final int UNIQUE_LOCAL = 0xfc;
  private static final int UNIQUE_LOCAL_MASK = 0xfe;

  private PublicHost() {}

  static void check(String url) {
    try {
      String host = URI.create(url).getHost();
      if (host == null) {
        throw EngineError.invalid("ADD " + url + ": the URL has no host");
      }
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!isPublic(address)) {
          throw EngineError.refused(
              "ADD "
                  + url
                  + " is refused here: "
                  + address.getHostAddress()
                  + " is no public address; fetch it in a RUN, from inside the build's network");
        }
      }
    } catch (UnknownHostException e) {
      throw EngineError.invalid("ADD " + url + ": the host is not known");
    } catch (IllegalArgumentException e) {
      throw EngineError.invalid("ADD " + url + ": " + e.getMessage());
    }
  }

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    // 100.64.0.0/10: as a signed byte the second octet is 64 or more exactly up to 127.
    boolean shared = bytes.length == 4 && bytes[0] == SHARED_FIRST && bytes[1] >= SHARED_SECOND_MIN;
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL;
    return !(address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || (bytes.length == 4 && bytes[0] == 0)
        || shared
        || uniqueLocal);
  }
}
