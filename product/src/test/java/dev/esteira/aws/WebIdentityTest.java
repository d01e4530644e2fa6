package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import dev.esteira.base.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Keys for the id token of a job, under the real command lines, which sign nothing for it. */
@Tag("system")
class WebIdentityTest {
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;
  private static final String ASK =
      "sts assume-role-with-web-identity --role-arn arn:aws:iam::123456789012:role/ci"
          + " --role-session-name job --web-identity-token ";

  @TempDir Path directory;
  private TestingAws aws;

  @BeforeEach
  void start() {
    aws = new TestingAws(directory);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private String token(long expires) {
    return aws.access
        .idTokens()
        .sign(
            Json.object()
                .put("iss", "https://gitlab.com")
                .put("sub", "project_path:app")
                .put("aud", "aws")
                .put("project_path", "app")
                .put("exp", expires)
                .put("jti", "9.0123"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void theTokenOfAJobIsWorthItsKeys(String program) {
    // Given
    long later = Instant.now().plusSeconds(600).getEpochSecond();
    Access.AwsKey none =
        new Access.AwsKey("AKIANOBODY", "x", new Access.Principal("nobody", Optional.empty()));
    // When
    JsonNode answer = Json.parse(aws.ok(program, none, ASK + token(later)));
    // Then
    JsonNode credentials = answer.path("Credentials");
    Access.AwsKey key =
        new Access.AwsKey(
            credentials.path("AccessKeyId").asText(),
            credentials.path("SecretAccessKey").asText(),
            none.principal());
    assertTrue(aws.ok(program, key, "sts get-caller-identity").contains("esteira-job/9"));
    assertEquals("project_path:app", answer.path("SubjectFromWebIdentityToken").asText());
    aws.access.revoke(new Access.Principal("job/9", Optional.of("app")));
    assertFalse(aws.aws(program, key, "sts get-caller-identity").ok());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void anExpiredOrForeignTokenIsRefused(String program) {
    Access.AwsKey none =
        new Access.AwsKey("AKIANOBODY", "x", new Access.Principal("nobody", Optional.empty()));
    Commands.Result old = aws.aws(program, none, ASK + token(1));
    Commands.Result foreign = aws.aws(program, none, ASK + "eyJhbGciOiJub25lIn0.e30.AAAA");
    assertTrue(old.output().contains("ExpiredTokenException"), old.output());
    assertTrue(foreign.output().contains("InvalidIdentityToken"), foreign.output());
  }
}
