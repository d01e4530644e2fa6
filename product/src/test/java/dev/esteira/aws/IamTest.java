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

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void aPolicyHasVersions(String with) {
    program = with;
    role();
    String arn =
        ok(
            "create-policy --policy-name mine --tags Key=team,Value=web --query Policy.Arn"
                + " --output text --policy-document",
            TRUST);
    String other = TRUST.replace("sts:AssumeRole", "s3:GetObject");
    String version = "Document.Statement[0].Action";

    assertEquals(
        "v2",
        ok(
            "create-policy-version --set-as-default --query PolicyVersion.VersionId --output text"
                + " --policy-arn "
                + arn
                + " --policy-document",
            other));
    String get = "get-policy-version --policy-arn " + arn + " --version-id ";
    assertEquals("sts:AssumeRole", text("PolicyVersion." + version, get + "v1"));
    assertEquals("s3:GetObject", text("PolicyVersion." + version, get + "v2"));
    assertEquals("v2", text("Policy.DefaultVersionId", "get-policy --policy-arn " + arn));
    assertEquals(
        "v2\tTrue\nv1\tFalse",
        text(
            "Versions[].[VersionId,IsDefaultVersion]", "list-policy-versions --policy-arn " + arn));
    refused("NoSuchEntity", get + "v3");
    refused("DeleteConflict", "delete-policy-version --version-id v2 --policy-arn " + arn);
    refused("DeleteConflict", "delete-policy --policy-arn " + arn);
    ok("set-default-policy-version --version-id v1 --policy-arn " + arn);
    ok("delete-policy-version --version-id v2 --policy-arn " + arn);
    for (int i = 3; i < 7; i++) {
      ok("create-policy-version --policy-arn " + arn + " --policy-document", other);
    }
    refused(
        "LimitExceeded", "create-policy-version --policy-arn " + arn + " --policy-document", other);
    assertEquals("v6", text("Versions[0].VersionId", "list-policy-versions --policy-arn " + arn));

    ok("attach-role-policy --role-name web --policy-arn " + arn);
    assertEquals(
        "web", text("PolicyRoles[].RoleName", "list-entities-for-policy --policy-arn " + arn));
    ok("tag-policy --tags Key=level,Value=1 --policy-arn " + arn);
    ok("untag-policy --tag-keys team --policy-arn " + arn);
    assertEquals("level\t1", text("Tags[].[Key,Value]", "list-policy-tags --policy-arn " + arn));
    assertEquals("1", text("Policy.Tags[0].Value", "get-policy --policy-arn " + arn));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void aRoleIsChanged(String with) {
    program = with;
    role();
    ok("create-instance-profile --instance-profile-name web --tags Key=a,Value=1");

    ok(
        "update-assume-role-policy --role-name web --policy-document",
        TRUST.replace("ec2.amazonaws.com", "ecs.amazonaws.com"));
    assertEquals(
        "ecs.amazonaws.com",
        text(
            "Role.AssumeRolePolicyDocument.Statement[0].Principal.Service",
            "get-role --role-name web"));
    refused(
        "MalformedPolicyDocument", "update-assume-role-policy --role-name web --policy-document x");
    ok("update-role --role-name web --description first");
    assertEquals("first", text("Role.Description", "get-role --role-name web"));
    assertEquals(
        "second",
        text("Role.Description", "update-role-description --role-name web --description second"));
    refused("ValidationError", "update-role --role-name web --max-session-duration 7200");

    ok("tag-role --role-name web --tags Key=team,Value=web Key=level,Value=1");
    ok("untag-role --role-name web --tag-keys level");
    assertEquals("team\tweb", text("Tags[].[Key,Value]", "list-role-tags --role-name web"));
    String profile = "--instance-profile-name web";
    ok("tag-instance-profile " + profile + " --tags Key=b,Value=2");
    ok("untag-instance-profile " + profile + " --tag-keys a");
    assertEquals("b\t2", text("Tags[].[Key,Value]", "list-instance-profile-tags " + profile));
    refused("NoSuchEntity", "list-role-tags --role-name other");
  }
}
