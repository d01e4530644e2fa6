package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Checks Signature Version 4 of requests: in the Authorization header or presigned in the query,
 * with the payload's hash or unsigned. A session token counts as any other signed header: whoever
 * has the secret of a key of ours may use it with or without one.
 */
final class Authenticator {
  static final Duration SKEW_MAX = Duration.ofMinutes(15);
  private static final long PRESIGNED_SECONDS_MAX = 7 * 24 * 3_600;

  private final Access access;
  private final InstantSource clock;

  Authenticator(Access access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  /** Whom the request's signature stands for. */
  Caller authenticate(Exchange exchange, byte[] body) throws AuthFailure.Refused {
    SignatureParts parts;
    try {
      parts = parts(exchange);
      parts.signedAt();
    } catch (IllegalArgumentException e) {
      throw new AuthFailure.Refused(AuthFailure.INCOMPLETE, String.valueOf(e.getMessage()));
    }
    SigV4.Signed signed =
        new SigV4.Signed(
            exchange.method(),
            exchange.rawPath(),
            exchange.rawQuery(),
            parts.signedHeaders(),
            headers(exchange),
            payloadHash(exchange, body));
    return verify(parts, signed);
  }

  private static SignatureParts parts(Exchange exchange) throws AuthFailure.Refused {
    Optional<String> authorization = exchange.header("Authorization");
    if (authorization.isPresent() && authorization.get().startsWith(SigV4.ALGORITHM)) {
      return SignatureParts.ofHeader(authorization.get(), exchange.header("X-Amz-Date").orElse(""));
    }
    if (exchange.query("X-Amz-Algorithm").isPresent()) {
      return SignatureParts.ofQuery(exchange::query);
    }
    throw new AuthFailure.Refused(AuthFailure.MISSING, "Missing Authentication Token");
  }

  /** Compares the signature and its time; shared with presigned URLs that arrive as tokens. */
  Caller verify(SignatureParts parts, SigV4.Signed signed) throws AuthFailure.Refused {
    Optional<Access.AwsKey> key = access.awsKey(parts.accessKeyId());
    if (key.isEmpty()) {
      throw new AuthFailure.Refused(
          AuthFailure.UNKNOWN_KEY, "The security token included in the request is invalid.");
    }
    String toSign = SigV4.stringToSign(parts.amzDate(), parts.scope(), SigV4.canonical(signed));
    String expected = SigV4.signature(key.get().secretAccessKey(), parts.scope(), toSign);
    if (!parts.signedHeaders().contains("host")
        || !MessageDigest.isEqual(utf8(expected), utf8(parts.signature()))) {
      throw new AuthFailure.Refused(
          AuthFailure.MISMATCH,
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
    checkTime(parts);
    return new Caller(key.get().principal(), parts.accessKeyId(), parts.region(), parts.service());
  }

  private void checkTime(SignatureParts parts) throws AuthFailure.Refused {
    Instant now = clock.instant();
    Instant from = parts.signedAt().minus(SKEW_MAX);
    Instant until =
        parts
            .expirySeconds()
            .map(s -> parts.signedAt().plusSeconds(Math.min(s, PRESIGNED_SECONDS_MAX)))
            .orElse(parts.signedAt().plus(SKEW_MAX));
    if (now.isBefore(from)) {
      throw new AuthFailure.Refused(
          AuthFailure.EXPIRED,
          "Signature not yet current: " + parts.signedAt() + " is still later than " + now);
    }
    if (now.isAfter(until)) {
      throw new AuthFailure.Refused(
          AuthFailure.EXPIRED, "Signature expired: " + until + " is now earlier than " + now);
    }
  }

  private static Map<String, String> headers(Exchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .headers()
        .forEach(h ->
            headers.merge(h.getKey().toLowerCase(Locale.ROOT), h.getValue(), Authenticator::join));
    headers.put("host", exchange.host());
    return headers;
  }

  private static String join(String first, String second) {
    return first + "," + second;
  }

  private static String payloadHash(Exchange exchange, byte[] body) {
    Optional<String> stated = exchange.header("X-Amz-Content-SHA256");
    if (stated.isPresent() && !isHash(stated.get())) {
      // UNSIGNED-PAYLOAD and the STREAMING- forms are signed by their name.
      return stated.get();
    }
    return SigV4.sha256(body);
  }

  private static boolean isHash(String text) {
    return text.length() == 64;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
