package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.esteira.access.Access;
import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Home;
import dev.esteira.store.TestingLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigV4Test {
  private static final String SCOPE = "20150830/us-east-1/service/aws4_request";

  @TempDir Path directory;

  private static SigV4.Signed get(String path, String query) {
    return new SigV4.Signed(
        "GET",
        path,
        query,
        List.of("host", "x-amz-date"),
        Map.of("host", "example.amazonaws.com", "x-amz-date", "20150830T123600Z"),
        SigV4.sha256(new byte[0]));
  }

  @Test
  void signsThePublishedVanillaRequestAsPublished() {
    String toSign = SigV4.stringToSign("20150830T123600Z", SCOPE, SigV4.canonical(get("/", "")));

    assertEquals(
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        SigV4.signature("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", SCOPE, toSign));
  }

  @Test
  void ordersAndEncodesQueries() {
    assertEquals("a=1&a=2&a-b=3", SigV4.canonicalQuery("a-b=3&a=2&a=1"));
    assertEquals("k=a%20b%2Bc&x=", SigV4.canonicalQuery("x&k=a%20b+c&X-Amz-Signature=f"));
  }

  @Test
  void normalisesPathsAndEncodesThemOnceMore() {
    assertEquals("/", SigV4.canonicalPath("/"));
    assertEquals("/a/c/", SigV4.canonicalPath("//a/./b/../c/"));
    assertEquals("/clusters/a%252Fb", SigV4.canonicalPath("/clusters/a%2Fb"));
  }

  private AuthFailure failure(Instant now, String amzDate, Optional<Long> expiry, boolean broken) {
    Access access =
        new LedgerAccess(new Home(directory), new TestingLedger(), InstantSource.fixed(now));
    Access.AwsKey key = access.adminKey();
    SigV4.Signed request = get("/", "");
    String scope = amzDate.substring(0, 8) + "/us-east-1/sts/aws4_request";
    String toSign = SigV4.stringToSign(amzDate, scope, SigV4.canonical(request));
    String signature = SigV4.signature(key.secretAccessKey() + (broken ? "x" : ""), scope, toSign);
    SignatureParts parts =
        new SignatureParts(
            key.accessKeyId(), scope, request.signedHeaders(), signature, amzDate, expiry);
    return assertThrows(
            AuthFailure.Refused.class,
            () -> new Authenticator(access, InstantSource.fixed(now)).verify(parts, request))
        .failure();
  }

  @Test
  void refusesWhatIsLateEarlyOrSignedWithAnotherSecret() {
    Instant now = Instant.parse("2026-01-01T12:00:00Z");
    Optional<Long> minute = Optional.of(60L);

    assertEquals(AuthFailure.EXPIRED, failure(now, "20260101T114459Z", Optional.empty(), false));
    assertEquals(AuthFailure.EXPIRED, failure(now, "20260101T121501Z", Optional.empty(), false));
    assertEquals(AuthFailure.EXPIRED, failure(now, "20260101T115859Z", minute, false));
    assertEquals(AuthFailure.MISMATCH, failure(now, "20260101T120000Z", minute, true));
  }

  @Test
  void acceptsWhatWasSignedMinutesAgo() throws Exception {
    Instant now = Instant.parse("2026-01-01T12:00:00Z");
    Access access =
        new LedgerAccess(new Home(directory), new TestingLedger(), InstantSource.fixed(now));
    Access.AwsKey key =
        access.issueKey(new Access.Principal("job/7", Optional.of("app")), Duration.ofHours(1));
    String scope = "20260101/eu-west-1/ecr/aws4_request";
    SigV4.Signed request = get("/", "");
    String toSign = SigV4.stringToSign("20260101T114600Z", scope, SigV4.canonical(request));
    SignatureParts parts =
        new SignatureParts(
            key.accessKeyId(),
            scope,
            request.signedHeaders(),
            SigV4.signature(key.secretAccessKey(), scope, toSign),
            "20260101T114600Z",
            Optional.empty());

    Caller caller = new Authenticator(access, InstantSource.fixed(now)).verify(parts, request);

    assertEquals(new Caller(key.principal(), key.accessKeyId(), "eu-west-1", "ecr"), caller);
  }
}
