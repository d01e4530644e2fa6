package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The AWS door under the real command lines, version 2 of Debian and version 1. */
@Tag("system")
class AwsApiTest {
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;

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

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void tellsWhoCalls(String program) {
    String account = aws.access.accountId();
    String ask = "sts get-caller-identity --query [Account,Arn] --output text";

    assertEquals(
        account + "\tarn:aws:iam::" + account + ":user/admin\n",
        aws.ok(program, aws.access.adminKey(), ask));
    assertEquals(
        account + "\tarn:aws:sts::" + account + ":assumed-role/esteira-job/7\n",
        aws.ok(program, aws.job(), ask));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void refusesStrangersInEachProtocolsWords(String program) {
    Access.AwsKey admin = aws.access.adminKey();
    Access.AwsKey stranger = new Access.AwsKey("AKIAUNKNOWN", "secret", admin.principal());
    Access.AwsKey wrong = new Access.AwsKey(admin.accessKeyId(), "wrong", admin.principal());

    String unknown = aws.aws(program, stranger, "sts get-caller-identity").output();
    String mismatch = aws.aws(program, wrong, "sts get-caller-identity").output();
    String json = aws.aws(program, stranger, "ecr describe-repositories").output();
    String rest = aws.aws(program, wrong, "eks list-clusters").output();

    assertTrue(unknown.contains("(InvalidClientTokenId)"), unknown);
    assertTrue(mismatch.contains("(SignatureDoesNotMatch)"), mismatch);
    assertTrue(json.contains("(UnrecognizedClientException)"), json);
    assertTrue(rest.contains("(InvalidSignatureException)"), rest);
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void makesListsAndDeletesRepositories(String program) {
    Access.AwsKey key = aws.access.adminKey();
    String account = aws.access.accountId();

    String uri =
        text(
            program,
            key,
            "ecr create-repository --repository-name group/app",
            "repository.repositoryUri");
    Commands.Result again =
        aws.aws(program, key, "ecr create-repository --repository-name group/app");
    aws.ok(program, key, "ecr create-repository --repository-name other");
    String names =
        text(
            program,
            key,
            "ecr describe-repositories --page-size 1",
            "repositories[].repositoryName");
    Commands.Result unknown =
        aws.aws(program, key, "ecr describe-repositories --repository-names none");
    aws.ok(program, key, "ecr delete-repository --repository-name other");

    assertEquals(account + ".dkr.ecr.us-east-1.amazonaws.com/group/app\n", uri);
    assertTrue(again.output().contains("(RepositoryAlreadyExistsException)"), again.output());
    assertTrue(names.contains("group/app") && names.contains("other"), names);
    assertFalse(unknown.ok());
    assertTrue(unknown.output().contains("(RepositoryNotFoundException)"), unknown.output());
    assertTrue(aws.registry.repository("other").isEmpty());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void givesLoginPasswordsThatTheRegistryTakes(String program) {
    Access.AwsKey job = aws.job();

    String password = aws.ok(program, job, "ecr get-login-password").strip();
    String endpoint =
        text(program, job, "ecr get-authorization-token", "authorizationData[0].proxyEndpoint");
    String open = aws.ok(program, job, "ecr-public get-login-password").strip();

    assertEquals(Optional.of(job.principal()), aws.access.byToken(open));
    assertEquals(Optional.of(job.principal()), aws.access.byToken(password));
    assertEquals(
        "https://" + aws.access.accountId() + ".dkr.ecr.us-east-1.amazonaws.com\n", endpoint);
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void showsAndDeletesImages(String program) {
    Access.AwsKey key = aws.access.adminKey();
    aws.ok(program, key, "ecr create-repository --repository-name app");
    Digest digest = aws.image("app", "one", "latest", "1");
    aws.image("app", "two", "2");

    JsonNode images = Json.parse(aws.ok(program, key, "ecr describe-images --repository-name app"));
    Commands.Result missing =
        aws.aws(
            program, key, "ecr describe-images --repository-name app --image-ids imageTag=none");
    String tags =
        text(program, key, "ecr list-images --repository-name app", "sort(imageIds[].imageTag)");
    String manifest =
        text(
            program,
            key,
            "ecr batch-get-image --repository-name app --image-ids imageTag=latest",
            "images[0].imageManifest");
    aws.ok(
        program,
        key,
        "ecr put-image --repository-name app --image-tag stable --image-manifest",
        manifest.stripTrailing());
    aws.ok(program, key, "ecr batch-delete-image --repository-name app --image-ids imageTag=2");

    assertEquals(2, images.path("imageDetails").size());
    assertTrue(missing.output().contains("(ImageNotFoundException)"), missing.output());
    assertEquals("1\t2\tlatest\n", tags);
    assertEquals(digest, aws.registry.manifest("app", "stable").orElseThrow().digest());
    assertTrue(aws.registry.manifest("app", "2").isEmpty());
    Commands.Result full = aws.aws(program, key, "ecr delete-repository --repository-name app");
    assertTrue(full.output().contains("(RepositoryNotEmptyException)"), full.output());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void repositoriesHaveTags(String program) {
    Access.AwsKey key = aws.access.adminKey();
    String arn =
        text(
                program,
                key,
                "ecr create-repository --repository-name app --tags Key=a,Value=1",
                "repository.repositoryArn")
            .strip();

    aws.ok(program, key, "ecr tag-resource --tags Key=b,Value=2 --resource-arn " + arn);
    aws.ok(program, key, "ecr untag-resource --tag-keys a --resource-arn " + arn);

    assertEquals(
        "b\t2\n",
        text(
            program,
            key,
            "ecr list-tags-for-resource --resource-arn " + arn,
            "tags[].[Key,Value]"));
    assertEquals(
        aws.access.accountId() + "\n", text(program, key, "ecr describe-registry", "registryId"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void describesTheClusterUnderAnyNameInsideJobsOnly(String program) {
    Access.AwsKey admin = aws.access.adminKey();
    Path config = directory.resolve("kubeconfig");

    Commands.Result foreign = aws.aws(program, admin, "eks describe-cluster --name prod");
    String own =
        text(
            program,
            admin,
            "eks describe-cluster --name esteira",
            "cluster.[status,endpoint,certificateAuthority.data]");
    aws.ok(program, aws.job(), "eks update-kubeconfig --name prod --kubeconfig", config.toString());

    assertTrue(foreign.output().contains("(ResourceNotFoundException)"), foreign.output());
    assertFalse(foreign.ok());
    String pem = Base64.getEncoder().encodeToString("PEM\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("ACTIVE\thttps://10.77.0.1:6443\t" + pem + "\n", own);
    assertTrue(Commands.check(List.of("cat", config.toString())).contains("10.77.0.1:6443"));
    assertEquals(1, aws.notices.size());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void clusterTokensAreThoseOfTheCaller(String program) {
    Access.AwsKey job = aws.job();
    aws.ok(program, job, "eks describe-cluster --name prod");

    String own = token(program, aws.access.adminKey(), "esteira");
    String prod = token(program, job, "prod");
    String never = token(program, job, "never-described");

    assertEquals(Optional.of(aws.access.adminKey().principal()), aws.tokens.principal(own));
    assertEquals(Optional.of(job.principal()), aws.tokens.principal(prod));
    assertEquals(Optional.empty(), aws.tokens.principal(never));
    assertEquals(Optional.empty(), aws.tokens.principal(own.substring(0, own.length() - 2) + "AA"));
    assertEquals(Optional.empty(), aws.tokens.principal("k8s-aws-v1.bm90aGluZw"));
    assertEquals(Optional.empty(), aws.tokens.principal("other"));
  }

  private String token(String program, Access.AwsKey key, String cluster) {
    String output =
        aws.ok(program, key, "--region eu-west-1 eks get-token --cluster-name", cluster);
    return Json.parse(output).path("status").path("token").asText();
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void keysOfAssumedRolesWork(String program) {
    JsonNode credentials =
        Json.parse(
                aws.ok(
                    program,
                    aws.job(),
                    "sts assume-role --role-arn arn:aws:iam::1:role/x12 --role-session-name ci"))
            .path("Credentials");
    Access.AwsKey assumed =
        new Access.AwsKey(
            credentials.path("AccessKeyId").asText(),
            credentials.path("SecretAccessKey").asText(),
            aws.access.adminKey().principal());

    assertTrue(aws.ok(program, assumed, "sts get-caller-identity").contains("esteira-job/7"));
    String[] keys =
        text(
                program,
                aws.job(),
                "sts get-session-token",
                "Credentials.[AccessKeyId,SecretAccessKey]")
            .strip()
            .split("\t");
    Access.AwsKey session = new Access.AwsKey(keys[0], keys[1], assumed.principal());
    assertTrue(aws.ok(program, session, "sts get-caller-identity").contains("esteira-job/7"));
  }

  /** Logs of jobs mask what has the form of a token of this house, whenever it was made. */
  @Test
  void temporaryKeysHaveTheFormThatLogsMask() {
    String program = TestingAws.PROGRAMS.getFirst();
    for (String call :
        List.of(
            "sts get-session-token",
            "sts assume-role --role-arn arn:aws:iam::1:role/x12 --role-session-name ci")) {
      String query = "Credentials.[SecretAccessKey,SessionToken]";
      for (String secret : text(program, aws.job(), call, query).strip().split("\t")) {
        assertTrue(secret.matches("est-[a-z0-9]{40}"), call);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void whatIsNotSupportedSaysSo(String program) {
    Access.AwsKey key = aws.access.adminKey();

    for (String call :
        List.of(
            "sts get-federation-token --name xx",
            "ecr describe-pull-through-cache-rules",
            "eks list-nodegroups --cluster-name esteira",
            "ec2 describe-instances",
            "s3api list-buckets",
            "logs describe-log-groups",
            "lambda list-functions")) {
      Commands.Result result = aws.aws(program, key, call);

      assertFalse(result.ok());
      assertTrue(
          result.output().contains("esteira does not support"), call + ": " + result.output());
    }
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void credentialsOfTheCodeCommitHelperAreTheCallers(String program) {
    Access.AwsKey job = aws.job();
    String host = "git-codecommit.eu-west-1.amazonaws.com";
    CodeCommitLogin login = new CodeCommitLogin(aws.access, InstantSource.system());

    String pair = aws.codeCommit(program, job, host, "v1/repos/app");

    String user = pair.replaceFirst("(?s).*username=([^\n]*).*", "$1");
    String password = pair.replaceFirst("(?s).*password=([^\n]*).*", "$1");
    assertEquals(Optional.of(job.principal()), login.check(user, password, host, "/v1/repos/app"));
    assertEquals(Optional.empty(), login.check(user, password, host, "/v1/repos/other"));
    assertEquals(Optional.empty(), login.check(user, "x" + password, host, "/v1/repos/app"));
  }

  /** What a query finds in the answer, as text. */
  private String text(String program, Access.AwsKey key, String line, String query) {
    return aws.ok(program, key, line, "--query", query, "--output", "text");
  }
}
