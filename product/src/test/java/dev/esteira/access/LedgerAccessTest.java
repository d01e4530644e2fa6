package dev.esteira.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerAccessTest {
  private static final Access.Principal JOB =
      new Access.Principal("job/1", Optional.of("team/shop"));

  @TempDir Path directory;
  private final Ledger ledger = new TestingLedger();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aTokenStandsForItsPrincipalUntilItExpires() {
    String token = access().issueToken(JOB, Duration.ofHours(1));

    assertEquals(Optional.of(JOB), access().byToken(token));
    now = now.plus(Duration.ofMinutes(61));
    assertEquals(Optional.empty(), access().byToken(token));
  }

  @Test
  void tokensAndKeysOfARevokedPrincipalEnd() {
    Access access = access();
    String token = access.issueToken(JOB, Duration.ofHours(1));
    Access.AwsKey key = access.issueKey(JOB, Duration.ofHours(1));
    assertEquals(Optional.of(key), access.awsKey(key.accessKeyId()));

    access.revoke(JOB);

    assertEquals(Optional.empty(), access.byToken(token));
    assertEquals(Optional.empty(), access.awsKey(key.accessKeyId()));
  }

  @Test
  void theAdministratorIsTheSameAfterARestart() {
    assertEquals(access().adminToken(), access().adminToken());
    assertEquals(access().adminKey(), access().adminKey());
    assertEquals(access().accountId(), access().accountId());
    assertTrue(access().accountId().matches("[1-9][0-9]{11}"));
    assertTrue(access().byToken(access().adminToken()).orElseThrow().isAdmin());
    assertEquals(Optional.empty(), access().byToken(""));
  }

  @Test
  void nothingSecretIsReadableInTheLedger() {
    Access access = access();
    access.createProject("shop", Map.of());
    access.setVariables(
        "project/shop", List.of(new Access.Variable("PASSWORD", "hunter2hunter2", true, false)));
    String token = access.issueToken(JOB, Duration.ofHours(1));
    Access.AwsKey key = access.issueKey(JOB, Duration.ofHours(1));

    for (String kind : List.of("variable", "token", "aws-key", "house")) {
      String all = ledger.list(kind, "").toString();
      assertFalse(all.contains("hunter2") || all.contains(token), all);
      assertFalse(all.contains(key.secretAccessKey()), all);
    }
  }

  @Test
  void innerGroupsAndTheProjectOverrideOuterGroups() {
    Access access = access();
    access.setVariables("group/a", List.of(variable("X", "1"), variable("Y", "1")));
    access.setVariables("group/a/b", List.of(variable("X", "2"), variable("Z", "2")));
    access.setVariables("project/a/b/c", List.of(variable("Z", "3")));

    Map<String, String> effective =
        access.effectiveVariables("a/b/c").stream()
            .collect(
                java.util.stream.Collectors.toMap(Access.Variable::name, Access.Variable::value));

    assertEquals(Map.of("X", "2", "Y", "1", "Z", "3"), effective);
  }

  @Test
  void creatingAProjectAgainIsFineUnlessItsSettingsDiffer() {
    Access access = access();
    access.createProject("shop", Map.of("buildspec", "ci.yml"));
    access.createProject("shop", Map.of("buildspec", "ci.yml"));

    EsteiraException other =
        assertThrows(EsteiraException.class, () -> access.createProject("shop", Map.of()));
    assertEquals(ErrorCode.CONFLICT, other.code());
  }

  @Test
  void namesThatBreakTheRulesAreRefused() {
    Access access = access();
    for (String name : List.of("", "../x", "a//b", "/a", "a/", "a b", "x.git", ".hidden")) {
      assertThrows(
          EsteiraException.class, () -> access.createProject(name, Map.of()), "'" + name + "'");
    }
    assertThrows(
        EsteiraException.class, () -> access.setVariables("group/a", List.of(variable("1X", "v"))));
  }

  private static Access.Variable variable(String name, String value) {
    return new Access.Variable(name, value, false, false);
  }

  private Access access() {
    InstantSource clock = () -> now;
    return new LedgerAccess(new Home(directory), ledger, clock);
  }

  @Test
  void protectedVariablesReachOnlyProtectedRefs() {
    Access access = access();
    access.createProject("team/shop", Map.of("protected-tags", "v*"));
    access.setDefaultBranch("team/shop", "main");
    access.setVariables(
        "group/team", List.of(new Access.Variable("KEY", "k", true, false, true, "*")));

    assertTrue(access.isProtected("team/shop", "refs/heads/main"));
    assertTrue(access.isProtected("team/shop", "refs/tags/v1"));
    assertFalse(access.isProtected("team/shop", "refs/heads/idea"));
    assertEquals(
        List.of(),
        access.effectiveVariables("team/shop", new Access.Reader(false, Optional.empty())));
    assertEquals(1, access.effectiveVariables("team/shop").size());
  }

  @Test
  void theEnvironmentThatSaysMostDecidesAVariable() {
    Access access = access();
    access.setVariables(
        "project/shop",
        List.of(
            new Access.Variable("URL", "any", false, false),
            new Access.Variable("URL", "reviews", false, false, false, "review/*"),
            new Access.Variable("URL", "one", false, false, false, "review/login")));

    assertEquals("any", url(access, Optional.empty()));
    assertEquals("any", url(access, Optional.of("production")));
    assertEquals("reviews", url(access, Optional.of("review/cart")));
    assertEquals("one", url(access, Optional.of("review/login")));
    access.deleteVariable("project/shop", "URL");
    assertEquals(List.of(), access.variables("project/shop"));
  }

  private static String url(Access access, Optional<String> environment) {
    return access.effectiveVariables("shop", new Access.Reader(true, environment)).stream()
        .map(Access.Variable::value)
        .reduce("", String::concat);
  }

  @Test
  void aDeployTokenOpensItsGroupUntilItIsRevoked() {
    Access access = access();
    DeployTokens.Made made =
        access
            .deployTokens()
            .create("group/team", "bots", "bot", Set.of("read_registry"), Optional.empty());

    Access.Grant grant = access.byToken(made.secret()).orElseThrow().grant().orElseThrow();
    assertTrue(grant.allows("read_registry", "Team/shop/image"));
    assertFalse(grant.allows("write_registry", "team/shop/image"));
    assertFalse(grant.allows("read_registry", "teamwork/shop"));
    access.deployTokens().revoke(made.token().id());
    assertEquals(Optional.empty(), access.byToken(made.secret()));
    assertEquals(List.of(), access.deployTokens().list("group/team"));
  }

  @Test
  void jobsGetTheDeployTokenThatIsMadeForThem() {
    Access access = access();
    DeployTokens.Made made =
        access
            .deployTokens()
            .create(
                "group/team",
                "gitlab-deploy-token",
                "",
                Set.of("read_registry"),
                Optional.of(Duration.ofDays(1)));

    List<Access.Variable> variables = access.effectiveVariables("team/shop");
    assertEquals("gitlab+deploy-token-1", variables.get(0).value());
    assertEquals(made.secret(), variables.get(1).value());
    assertTrue(variables.get(1).secret());
    now = now.plus(Duration.ofDays(2));
    assertEquals(List.of(), access.effectiveVariables("team/shop"));
    assertEquals(Optional.empty(), access.byToken(made.secret()));
  }

  @Test
  void aDeployTokenWithoutKnownRightsIsRefused() {
    EsteiraException refused =
        assertThrows(
            EsteiraException.class,
            () ->
                access()
                    .deployTokens()
                    .create("group/team", "x", "", Set.of("api"), Optional.empty()));
    assertEquals(ErrorCode.INVALID, refused.code());
  }
}
