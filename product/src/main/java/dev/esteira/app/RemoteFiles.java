package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Fetches delivery files that are included by their address. Addresses of this machine and of its
 * private networks are refused: whoever may push must not read through us what only we can reach.
 */
final class RemoteFiles {
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final int BYTES_MAX = 1 << 20;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIME)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** The text; every failure says what was tried and why. */
  String read(String url) {
    URI address = address(url);
    try {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(address).timeout(TIME).GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw EsteiraException.invalid("it answers with status " + answer.statusCode());
        }
        byte[] bytes = body.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
          throw EsteiraException.invalid("it is over 1 MiB");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw EsteiraException.invalid("it cannot be fetched from here: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.invalid("its fetching was interrupted");
    }
  }

  private static URI address(String url) {
    URI address;
    try {
      address = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw EsteiraException.invalid("it is no address");
    }
    String scheme = String.valueOf(address.getScheme());
    if (address.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw EsteiraException.invalid("it is no http or https address");
    }
    try {
      for (InetAddress ip : InetAddress.getAllByName(address.getHost())) {
        if (ip.isLoopbackAddress()
            || ip.isAnyLocalAddress()
            || ip.isSiteLocalAddress()
            || ip.isLinkLocalAddress()) {
          throw EsteiraException.invalid("its host is in a private network");
        }
      }
    } catch (IOException e) {
      throw EsteiraException.invalid("its host " + address.getHost() + " is not known here");
    }
    return address;
  }
}
