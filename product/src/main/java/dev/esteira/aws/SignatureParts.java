package dev.esteira.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The parts of a signature, from the Authorization header or from a presigned query.
 *
 * @param expirySeconds how long a presigned request holds; empty for a header, which has no expiry
 */
record SignatureParts(
    String accessKeyId,
    String scope,
    List<String> signedHeaders,
    String signature,
    String amzDate,
    Optional<Long> expirySeconds) {
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT).withZone(ZoneOffset.UTC);

  SignatureParts {
    signedHeaders = List.copyOf(signedHeaders);
    if (scope.split("/").length != 4 || !scope.endsWith("/aws4_request")) {
      throw new IllegalArgumentException("Credential must have 5 parts divided by '/'");
    }
  }

  static SignatureParts ofHeader(String authorization, String amzDate) {
    Map<String, String> parts = new HashMap<>();
    String rest = authorization.substring(SigV4.ALGORITHM.length());
    for (String part : rest.split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return of(name -> Optional.ofNullable(parts.get(name)), amzDate, Optional.empty());
  }

  static SignatureParts ofQuery(Function<String, Optional<String>> query) {
    Function<String, Optional<String>> prefixed = name -> query.apply("X-Amz-" + name);
    String seconds = prefixed.apply("Expires").orElse("0");
    return of(prefixed, need(prefixed, "Date"), Optional.of(Long.parseLong(seconds)));
  }

  private static SignatureParts of(
      Function<String, Optional<String>> parts, String amzDate, Optional<Long> expirySeconds) {
    String credential = need(parts, "Credential");
    int slash = credential.indexOf('/');
    return new SignatureParts(
        slash < 0 ? credential : credential.substring(0, slash),
        credential.substring(slash + 1),
        List.of(need(parts, "SignedHeaders").toLowerCase(Locale.ROOT).split(";")),
        need(parts, "Signature"),
        amzDate,
        expirySeconds);
  }

  private static String need(Function<String, Optional<String>> parts, String name) {
    return parts
        .apply(name)
        .orElseThrow(() -> new IllegalArgumentException("the signature lacks '" + name + "'"));
  }

  Instant signedAt() {
    try {
      return Instant.from(AMZ_DATE.parse(amzDate));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + amzDate + "' is no date of the form 20260131T235959Z", e);
    }
  }

  String region() {
    return scope.split("/")[1];
  }

  String service() {
    return scope.split("/")[2];
  }
}
