package dev.esteira.aws;

import dev.esteira.base.Digest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The arithmetic of Signature Version 4: canonical forms, the string to sign, the key. Pure. */
final class SigV4 {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  /** What of a request is signed. Header names in lower case, values as they were sent. */
  record Signed(
      String method,
      String rawPath,
      String rawQuery,
      List<String> signedHeaders,
      Map<String, String> headers,
      String payloadHash) {
    Signed {
      signedHeaders = List.copyOf(signedHeaders);
      headers = Map.copyOf(headers);
    }
  }

  private SigV4() {}

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Digest.sha256().digest(bytes));
  }

  static String canonical(Signed request) {
    StringBuilder text = new StringBuilder();
    text.append(request.method()).append('\n');
    text.append(canonicalPath(request.rawPath())).append('\n');
    text.append(canonicalQuery(request.rawQuery())).append('\n');
    for (String name : request.signedHeaders()) {
      String value = request.headers().getOrDefault(name, "");
      text.append(name).append(':').append(value.strip().replaceAll(" +", " ")).append('\n');
    }
    text.append('\n').append(String.join(";", request.signedHeaders())).append('\n');
    return text.append(request.payloadHash()).toString();
  }

  /** The path without dot segments and doubled slashes, encoded once more (all but S3 do so). */
  static String canonicalPath(String rawPath) {
    Deque<String> kept = new ArrayDeque<>();
    for (String part : rawPath.split("/")) {
      if (part.equals("..")) {
        kept.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.addLast(part);
      }
    }
    String joined = "/" + String.join("/", kept);
    boolean trailing = rawPath.endsWith("/") && joined.length() > 1;
    return encode(trailing ? joined + "/" : joined, true);
  }

  /** All parameters but the signature itself, sorted by name and value. */
  static String canonicalQuery(String rawQuery) {
    List<String> pairs = new ArrayList<>();
    for (String pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (!pair.isEmpty() && !name.equals("X-Amz-Signature")) {
        pairs.add(encode(name, false) + "=" + encode(value, false));
      }
    }
    // '=' sorts behind '-' and '.', which may follow in a longer name: compare name first.
    pairs.sort((a, b) -> a.replaceFirst("=", "\0").compareTo(b.replaceFirst("=", "\0")));
    return String.join("&", pairs);
  }

  static String stringToSign(String amzDate, String scope, String canonical) {
    String hash = sha256(canonical.getBytes(StandardCharsets.UTF_8));
    return ALGORITHM + "\n" + amzDate + "\n" + scope + "\n" + hash;
  }

  /** {@code scope} is DATE/REGION/SERVICE/aws4_request. */
  static String signature(String secret, String scope, String stringToSign) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, stringToSign));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A broken escape is signed as it stands.
      return text;
    }
  }

  private static String encode(String text, boolean keepSlash) {
    return text.chars().anyMatch(c -> !plain(c))
        ? bytes(text)
            .map(b -> plain(b) || (keepSlash && b == '/') ? Character.toString(b) : escape(b))
            .collect(Collectors.joining())
        : text;
  }

  private static Stream<Integer> bytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<Integer> all = new ArrayList<>(utf8.length);
    for (byte b : utf8) {
      all.add(b & 0xFF);
    }
    return all.stream();
  }

  private static String escape(int b) {
    return "%" + HexFormat.of().withUpperCase().toHexDigits((byte) b);
  }

  private static boolean plain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~';
  }
}
