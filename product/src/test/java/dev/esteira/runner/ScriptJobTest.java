package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.pipeline.Setting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs that are scripts, as GitLab's are, in real sandboxes. */
@Tag("system")
@Timeout(300)
class ScriptJobTest {
  @RegisterExtension static final TestingJobs jobs = new TestingJobs("team/shop");

  private final TestingScript job = jobs.script();

  @BeforeAll
  static void setVariables() {
    jobs.house()
        .access
        .setVariables(
            "group/team",
            List.of(
                new Access.Variable("WHO", "the group", false, false),
                new Access.Variable("HOST_URL", "http://$WHO/", false, false),
                new Access.Variable("PRICE", "5$x", false, false),
                new Access.Variable("SECRET", "s3cr3t-value", true, false),
                new Access.Variable("MIXED", "pass-$WHO-word", true, false),
                new Access.Variable("CONF", "a: 1\n", false, true)));
  }

  @Test
  void aScriptIsOneShellInTheDirectoryThatGitLabUses() throws Exception {
    job.script("A=1", "cd /bin", "false || echo \"$A $PWD\"", "test ! -z \"$NONE\" && echo never")
        .script("echo in $CI_PROJECT_DIR", "cat $CI_PROJECT_DIR/README", "cat $CONF");
    assertEquals("ended ", job.run());
    job.says("1 /bin");
    job.says("in /builds/team/shop");
    job.says("$ A=1");
    job.says("c0ffee");
    job.says("a: 1");
    assertTrue(job.events.told.contains("step 0 = 0"), job.events.told.toString());
    assertFalse(job.log().toString().contains("CODEBUILD"));
  }

  @Test
  void aFailureKeepsItsCodeAndTheAfterScriptLearnsOfIt() throws Exception {
    job.script("echo one | cat", "(exit 7) | cat", "echo never")
        .after("echo \"it $CI_JOB_STATUS $A\"", "false", "echo neither");
    assertEquals("ended exit code 7", job.run());
    job.says("it failed ");
    assertFalse(job.log().contains("never"));
    assertFalse(job.log().contains("neither"));
    assertEquals("Job failed: exit code 7", job.log().getLast());
  }

  @Test
  void aFailureTellsWhichVariablesOfTheScriptHaveNoValue() throws Exception {
    job.script("GIVEN=1", "test -n \"$MISSING_KEY\" && echo $GIVEN $WHO $PATH || exit 3");
    assertEquals("ended exit code 3", job.run());
    job.says(
        "Hint: the script names variables without a value: MISSING_KEY is not set. Next: ./esteira"
            + " var set --project team/shop MISSING_KEY=...");
  }

  @Test
  void variablesBeatEachOtherAsOnGitLabAndMayNameEachOther() throws Exception {
    job.variable("WHO", "the file")
        .variable("IMAGE", "$REGISTRY/app:${TAG}$$")
        .variable("REGISTRY", "$CI_REGISTRY/$NOTHING")
        .variable("TAG", "1")
        .variable("SELF", "x$SELF")
        .predefined("CI_REGISTRY", "reg.example")
        .predefined("CI_COMMIT_MESSAGE", "costs $TAG")
        .asked("TAG", "2")
        .script("echo \"$WHO|$IMAGE|$CI_COMMIT_MESSAGE|$HOST_URL|$PRICE|$SELF\"");
    assertEquals("ended ", job.run());
    job.says("the group|reg.example//app:2$|costs $TAG|http://the group/|5$x|x$SELF");
  }

  @Test
  void factsReachTheJobAndSecretsNeverReachTheLog() throws Exception {
    job.predefined("CI_JOB_ID", Setting.Fact.JOB_NUMBER.token())
        .predefined("CI_PIPELINE_ID", Setting.Fact.RUN_NUMBER.token())
        .predefined("CI_REGISTRY_PASSWORD", Setting.Fact.JOB_TOKEN.token())
        .predefined("CI_REPOSITORY_URL", Setting.Fact.REPOSITORY_URL.token())
        .predefined("CI_ENVIRONMENT_URL", Setting.Fact.ENVIRONMENT_URL.token())
        .environment("prod", "https://$WHO.example")
        .script(
            "echo \"$CI_JOB_ID $CI_PIPELINE_ID\"",
            "echo \"token $CI_JOB_TOKEN $CI_REGISTRY_PASSWORD $SECRET\"",
            "echo \"mixed $MIXED\"",
            "echo \"$CI_REPOSITORY_URL\"",
            "echo \"$CI_ENVIRONMENT_URL\"");
    assertEquals("ended ", job.run());
    job.says("41 9");
    job.says("token *** *** ***");
    job.says("mixed ***");
    job.says("https://the group.example");
    assertTrue(
        job.log().stream().anyMatch(l -> l.matches("http://gitlab-ci-token:.*/git/team/shop.git")));
  }

  @Test
  void whatAJobIsHandedWhileItRunsIsMaskedToo() throws Exception {
    jobs.house()
        .access
        .handed(new Access.Principal("job/" + job.jobId, Optional.empty()), "from-the-store");
    job.script("echo \"got from-the-store\"");
    assertEquals("ended ", job.run());
    job.says("got ***");
  }

  @Test
  void anEntrypointStaysInForceUnlessTheFileSwitchesItOff() throws Exception {
    jobs.house().image("entry:1", "ENTRYPOINT [\"/usr/bin/env\", \"FROM_ENTRYPOINT=yes\"]");
    job.image("$NAME:1").variable("NAME", "entry").script("echo \"entry $FROM_ENTRYPOINT\"");
    assertEquals("ended ", job.run());
    job.says("entry yes");
    TestingScript other = jobs.script();
    other.image("entry:1").entrypoint("").script("echo \"entry $FROM_ENTRYPOINT\"");
    assertEquals("ended ", other.run());
    other.says("entry ");
    TestingScript shell = jobs.script();
    shell.image("entry:1").entrypoint("/bin/sh", "-c").script("echo here");
    assertEquals("ended ", shell.run());
    shell.says("here");
  }

  @Test
  void anImageWhoseVariableIsNotSetFailsAndNamesTheVariable() throws Exception {
    job.image("$PRIVATE_IMAGE").script("echo never");
    String end = job.run();
    assertTrue(end.contains("the image is written '$PRIVATE_IMAGE', and that is empty here"), end);
    assertTrue(end.contains("PRIVATE_IMAGE is not set. Next: ./esteira var set"), end);
    TestingScript other = jobs.script();
    other.variable("IMAGE", "$PRIVATE/tool").image("$IMAGE:1").script("echo never");
    String why = other.run();
    assertTrue(why.contains("(written '$IMAGE:1': PRIVATE is not set."), why);
  }

  @Test
  void anEntrypointThatRunsNoShellFailsTheJobAndSaysWhy() throws Exception {
    jobs.house().image("tool:1", "ENTRYPOINT [\"/bin/ls\"]");
    job.image("tool:1").script("echo never");
    assertTrue(job.run().startsWith("ended the entrypoint of the image tool:1 did not start"));
    assertTrue(job.log().stream().anyMatch(l -> l.contains("No such file")), job.log().toString());
  }

  @Test
  void anImageWithNothingButBusyboxWillDo() throws Exception {
    jobs.house().busybox("busy:1");
    job.image("busy:1")
        .script("A=1; cd /bin", "echo \"$A $PWD\"", "(exit 3) | cat", "echo never")
        .after("echo \"it $CI_JOB_STATUS\"");
    assertEquals("ended exit code 3", job.run(), () -> job.log().toString());
    job.says("1 /bin");
    job.says("it failed");
  }

  @Test
  void anImageOfAnotherUserThanRootCanWriteToTheWorkspace() throws Exception {
    jobs.house().image("user:1", "USER 1000:1000");
    job.image("user:1").script("id -u", "echo x > made", "cat made $CONF");
    assertEquals("ended ", job.run());
    job.says("1000");
    job.says("x");
    job.says("a: 1");
  }
}
