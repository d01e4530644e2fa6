package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import dev.esteira.fleet.Roles;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Roles, instance profiles and policies under the real command lines. */
@Tag("system")
class IamTest {
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
          + "{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";

  @TempDir Path directory;
  private TestingAws aws;
  private Access.AwsKey key;
  private String program = "";

  @BeforeEach
  void start() {
    Ledger ledger = new TestingLedger();
    aws =
        new TestingAws(
            directory,
            ledger,
            made ->
                List.of(new IamFeature(new Roles(ledger), made.access, InstantSource.system())));
    key = aws.access.adminKey();
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private String ok(String line, String... more) {
    return aws.ok(program, key, "iam " + line, more).strip();
  }

  private String text(String query, String line) {
    return ok(line, "--query", query, "--output", "text");
  }

  private void refused(String code, String line, String... more) {
    Commands.Result result = aws.aws(program, key, "iam " + line, more);
    assertFalse(result.ok(), line);
    assertTrue(result.output().contains("(" + code + ")"), line + ": " + result.output());
  }

  private String role() {
    return ok(
        "create-role --role-name web --query Role.Arn --output text"
            + " --assume-role-policy-document",
        TRUST);
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void aProfileBringsItsRole(String with) {
    program = with;
    String arn = role();
    assertTrue(arn.matches("arn:aws:iam::[0-9]{12}:role/web"), arn);
    refused(
        "EntityAlreadyExists", "create-role --role-name web --assume-role-policy-document", TRUST);
    ok("wait role-exists --role-name web");
    ok("create-instance-profile --instance-profile-name web-profile");
    ok("wait instance-profile-exists --instance-profile-name web-profile");
    ok("add-role-to-instance-profile --instance-profile-name web-profile --role-name web");
    refused(
        "LimitExceeded",
        "add-role-to-instance-profile --instance-profile-name web-profile --role-name web");

    assertEquals(
        "web-profile\tweb",
        text(
            "InstanceProfile.[InstanceProfileName,Roles[0].RoleName]",
            "get-instance-profile --instance-profile-name web-profile"));
    assertEquals(
        "web-profile", text("InstanceProfiles[].InstanceProfileName", "list-instance-profiles"));
    assertEquals(
        "web-profile",
        text(
            "InstanceProfiles[].InstanceProfileName",
            "list-instance-profiles-for-role --role-name web"));
    refused("DeleteConflict", "delete-role --role-name web");
    refused("DeleteConflict", "delete-instance-profile --instance-profile-name web-profile");
    ok("remove-role-from-instance-profile --instance-profile-name web-profile --role-name web");
    ok("delete-instance-profile --instance-profile-name web-profile");
    ok("delete-role --role-name web");
    refused("NoSuchEntity", "get-instance-profile --instance-profile-name web-profile");
    refused("NoSuchEntity", "get-role --role-name web");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void policiesAreKeptAndTold(String with) {
    program = with;
    role();
    String managed = "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess";
    ok("put-role-policy --role-name web --policy-name own --policy-document", TRUST);
    refused(
        "MalformedPolicyDocument",
        "put-role-policy --role-name web --policy-name bad --policy-document {x");
    String arn =
        ok(
            "create-policy --policy-name mine --query Policy.Arn --output text --policy-document",
            TRUST);
    ok("attach-role-policy --role-name web --policy-arn " + managed);
    ok("attach-role-policy --role-name web --policy-arn " + arn);
    refused("NoSuchEntity", "attach-role-policy --role-name web --policy-arn " + arn + "x");

    assertEquals(
        "ec2.amazonaws.com",
        text(
            "Role.AssumeRolePolicyDocument.Statement[0].Principal.Service",
            "get-role --role-name web"));
    assertEquals("web", text("Roles[].RoleName", "list-roles"));
    assertEquals("own", text("PolicyNames[0]", "list-role-policies --role-name web"));
    assertEquals(
        "sts:AssumeRole",
        text(
            "PolicyDocument.Statement[0].Action",
            "get-role-policy --role-name web --policy-name own"));
    assertEquals(
        "AmazonEC2ReadOnlyAccess\tmine",
        text("AttachedPolicies[].PolicyName", "list-attached-role-policies --role-name web"));
    assertEquals(
        "mine\t1", text("Policies[0].[PolicyName,AttachmentCount]", "list-policies --scope Local"));
    refused("DeleteConflict", "delete-role --role-name web");
    refused("DeleteConflict", "delete-policy --policy-arn " + arn);
    ok("detach-role-policy --role-name web --policy-arn " + arn);
    ok("detach-role-policy --role-name web --policy-arn " + managed);
    assertEquals("0", text("Policy.AttachmentCount", "get-policy --policy-arn " + arn));
    ok("delete-policy --policy-arn " + arn);
    ok("delete-role-policy --role-name web --policy-name own");
    ok("delete-role --role-name web");
    refused("NoSuchEntity", "get-policy --policy-arn " + arn);
  }
}
