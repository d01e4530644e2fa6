package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import dev.esteira.base.SecretBox;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The parameter store under the real command lines. */
@Tag("system")
class SsmTest {
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;

  @TempDir Path directory;
  private final Ledger ledger = new TestingLedger();
  private TestingAws aws;
  private Access.AwsKey key;
  private String program = "";

  @BeforeEach
  void start() {
    InstantSource clock = InstantSource.system();
    aws =
        new TestingAws(
            directory,
            ledger,
            made -> List.of(new SsmFeature(ledger, SecretBox.in(directory), made.access, clock)));
    key = aws.access.adminKey();
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private String text(String query, String line) {
    return aws.ok(program, key, "ssm " + line, "--query", query, "--output", "text").strip();
  }

  private void refused(String code, String line) {
    Commands.Result result = aws.aws(program, key, "ssm " + line);
    assertFalse(result.ok(), line);
    assertTrue(result.output().contains("(" + code + ")"), line + ": " + result.output());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void aParameterHasVersionsAndIsFound(String with) {
    program = with;
    String put = "put-parameter --name /app/prod/port --type String --value ";
    assertEquals("1", text("Version", put + "8000"));
    refused("ParameterAlreadyExists", put + "8001");
    assertEquals("2", text("Version", put + "8001 --overwrite"));
    text("Version", "put-parameter --name /app/prod/db/host --type String --value db");

    assertEquals("8001", text("Parameter.Value", "get-parameter --name /app/prod/port"));
    assertEquals("8000", text("Parameter.Value", "get-parameter --name /app/prod/port:1"));
    assertEquals(
        "8001\tnone",
        text(
            "[Parameters[0].Value, InvalidParameters[0]]",
            "get-parameters --names /app/prod/port none"));
    assertEquals(
        "/app/prod/port", text("Parameters[].Name", "get-parameters-by-path --path /app/prod"));
    assertEquals(
        "db\t8001", text("Parameters[].Value", "get-parameters-by-path --path /app --recursive"));
    assertEquals(
        "8000\t8001", text("Parameters[].Value", "get-parameter-history --name /app/prod/port"));
    refused("ParameterNotFound", "get-parameter --name /app/none");
    refused("ValidationException", "put-parameter --name /aws/x --type String --value y");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void aSecretIsSealedAndShownToWhoAsksForIt(String with) {
    program = with;
    text("Version", "put-parameter --name password --type SecureString --value open-sesame");

    assertEquals(
        "open-sesame", text("Parameter.Value", "get-parameter --name password --with-decryption"));
    assertFalse(text("Parameter.Value", "get-parameter --name password").contains("sesame"));
    assertEquals(
        "SecureString\talias/aws/ssm", text("Parameters[0].[Type, KeyId]", "describe-parameters"));
    assertFalse(ledger.list("ssm-parameter", "").toString().contains("sesame"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void aSecretThatAJobAsksForIsToBeMaskedInItsLog(String with) {
    program = with;
    text("Version", "put-parameter --name password --type SecureString --value open-sesame");
    text("Version", "put-parameter --name port --type String --value 8000");
    key = aws.job();

    text("Parameter.Value", "get-parameter --name password");
    assertEquals(Set.of(), aws.access.handed("job/7"));
    text("Parameters[].Value", "get-parameters --names password port --with-decryption");
    assertEquals(Set.of("open-sesame"), aws.access.handed("job/7"));
    aws.access.revoke(new Access.Principal("job/7", Optional.empty()));
    assertEquals(Set.of(), aws.access.handed("job/7"));
    assertFalse(ledger.list("handed-secret", "").toString().contains("sesame"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void parametersHaveTagsAndAreDeleted(String with) {
    program = with;
    for (String name : List.of("a", "b", "c")) {
      text("Version", "put-parameter --type String --value 1 --name " + name);
    }
    String of = " --resource-type Parameter --resource-id a";
    text("@", "add-tags-to-resource --tags Key=team,Value=x" + of);
    assertEquals("x", text("TagList[0].Value", "list-tags-for-resource" + of));
    assertEquals(
        "a",
        text("Parameters[].Name", "describe-parameters --parameter-filters Key=tag:team,Values=x"));
    text("@", "remove-tags-from-resource --tag-keys team" + of);
    assertEquals("0", text("length(TagList)", "list-tags-for-resource" + of));

    text("@", "delete-parameter --name a");
    refused("ParameterNotFound", "delete-parameter --name a");
    assertEquals(
        "c\tb",
        text("[DeletedParameters[0], DeletedParameters[1]]", "delete-parameters --names c b a"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void publicParametersNameMachineImages(String with) {
    program = with;
    String amazon = "/aws/service/ami-amazon-linux-latest";

    assertTrue(
        text(
                "Parameters[0].Value",
                "get-parameters --names " + amazon + "/amzn2-ami-hvm-x86_64-gp2")
            .startsWith("ami-"));
    assertTrue(
        text("length(Parameters)", "get-parameters-by-path --path " + amazon).matches("[5-9]"));
    assertEquals("0", text("length(Parameters)", "describe-parameters"));
    refused("ParameterNotFound", "get-parameter --name " + amazon + "/none");
  }
}
