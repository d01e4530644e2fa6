package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.esteira.base.Commands;
import dev.esteira.pipeline.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor and the driver, run by real shells without a sandbox. */
class JobScriptTest {
  @TempDir Path control;

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void variablesAndTheDirectoryLastOverCommandsAndPhases(String shell) throws IOException {
    // When
    run(
        shell,
        section("pre_build", "A='x  y'", "export B=2", "cd /usr", "f() { echo \"f $1\"; }"),
        section("build", "echo \"$A $B $(pwd)\"", "f 7", "env | grep ^B="));
    // Then
    assertEquals(List.of("x  y 2 /usr", "f 7", "B=2"), output());
    assertEquals("X 0 -1 0", steps().getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void aFailureStopsThePhaseAndPostBuildStillRuns(String shell) throws IOException {
    run(
        shell,
        section("build", "echo $CODEBUILD_BUILD_SUCCEEDING", "false", "echo never"),
        after("echo after $CODEBUILD_BUILD_SUCCEEDING"));
    assertEquals(List.of("1", "after 0"), output());
    assertEquals(List.of("B 0", "E 0 0", "B 1", "E 1 1", "B 3", "E 3 0", "X 1 1 1"), steps());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void aFailureBeforeBuildSkipsTheRestButFinally(String shell) throws IOException {
    Plan.Section before =
        new Plan.Section(
            "pre_build",
            Plan.Condition.SUCCEEDING,
            "",
            commands("sh -c 'exit 4'", "echo never"),
            commands("echo finally $CODEBUILD_BUILD_SUCCEEDING"),
            false);
    run(shell, before, section("build", "echo never"), after("echo never"));
    assertEquals(List.of("finally 0"), output());
    assertEquals("X 1 0 4", steps().getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void exitEndsTheCommandAlone(String shell) throws IOException {
    run(
        shell,
        section("pre_build", "A=1; export B=2; cd /usr", "if true; then exit 0; fi"),
        section("build", "echo $A $B $(pwd)", "exit 3", "echo never"),
        after("echo after $A $CODEBUILD_BUILD_SUCCEEDING", "exit 5"));
    assertEquals(List.of("1 2 /usr", "after 1 0"), output());
    assertEquals("X 1 3 3", steps().getLast());
    assertTrue(steps().containsAll(List.of("E 1 0", "E 3 3", "E 6 5")), steps().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void quotingHeredocsAndSeveralLinesAreUntouched(String shell) throws IOException {
    run(
        shell,
        section(
            "build",
            "cat <<EOF\na: \"$((1 + 1))\" 'q' \\$x\nEOF",
            "echo 'it'\"'\"'s' \"a\\\"b\" `echo c` \\\\d",
            "if true; then\n  echo yes\nfi",
            "printf '[{\"name\":\"%s\"}]\\n' web"));
    assertEquals(
        List.of("a: \"2\" 'q' $x", "it's a\"b c \\d", "yes", "[{\"name\":\"web\"}]"), output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void aSyntaxErrorIsAFailedCommand(String shell) throws IOException {
    run(shell, section("build", "if then fi", "echo never"), after("echo after"));
    assertTrue(output().contains("after"), output().toString());
    assertTrue(steps().getLast().matches("X 1 0 [12]"), steps().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void whatCommandsDoToTheShellDoesNotBreakTheDriver(String shell) throws IOException {
    run(
        shell,
        section(
            "build",
            "set -eu",
            "set -C",
            "IFS=01",
            "break",
            "set -- a b c",
            "echo $1",
            "exec true",
            "trap 'echo bye' EXIT",
            "for x in a; do continue; done; echo end",
            "kill -9 \"$$\""));
    assertEquals("X 1 9 137", steps().getLast());
    assertTrue(output().containsAll(List.of("a", "end")), output().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void continueOnFailureGoesOn(String shell) throws IOException {
    Plan.Section lint =
        new Plan.Section(
            "pre_build", Plan.Condition.SUCCEEDING, "", commands("false"), List.of(), true);
    run(shell, lint, section("build", "echo built $CODEBUILD_BUILD_SUCCEEDING"));
    assertEquals(List.of("built 1"), output());
    assertEquals("X 0 -1 0", steps().getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void namesOfArtifactsAreExpandedByTheShell(String shell) throws IOException {
    Plan.Artifacts artifacts =
        new Plan.Artifacts("app-$V-$(echo x)", "out", List.of("**/*"), List.of(), false);
    run(shell, job(Plan.ShellRule.EACH_COMMAND, List.of(artifacts), section("build", "V=1.2")));
    assertEquals("app-1.2-x\n", Files.readString(control.resolve("names/0")));
    assertEquals("**/*\n", Files.readString(control.resolve("names/2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox sh"})
  void version01HasANewShellForEachCommand(String shell) throws IOException {
    run(
        shell,
        job(
            Plan.ShellRule.SHELL_EACH,
            List.of(),
            section("build", "A=1; cd /usr", "echo \"A=$A\"", "exit 2", "echo never")));
    assertEquals(List.of("A="), output());
    assertEquals("X 1 2 2", steps().getLast());
  }

  private void run(String shell, Plan.Section... sections) throws IOException {
    run(shell, job(Plan.ShellRule.EACH_COMMAND, List.of(), sections));
  }

  private void run(String shell, Plan.Job job) throws IOException {
    assumeTrue(Files.isExecutable(Path.of(shell.split(" ")[0])), shell);
    ControlDirectory directory = new ControlDirectory(control);
    directory.fill(new JobScript(job), job);
    Files.writeString(control.resolve("shell/path"), shell + "\n");
    Commands.check(
        Duration.ofMinutes(2),
        "",
        List.of("env", "ESTEIRA_CONTROL=" + control, "/bin/sh", control + "/supervisor.sh"));
  }

  private List<String> output() throws IOException {
    return Files.readString(control.resolve("log"))
        .lines()
        .filter(l -> !l.startsWith("$ ") && !l.startsWith("> ") && !l.startsWith("== "))
        .toList();
  }

  private List<String> steps() throws IOException {
    return Files.readAllLines(control.resolve("steps"));
  }

  static Plan.Job job(
      Plan.ShellRule rule, List<Plan.Artifacts> artifacts, Plan.Section... sections) {
    return new Plan.Job(
        "build",
        "image",
        rule,
        "sh",
        Map.of(),
        Arrays.asList(sections),
        artifacts,
        List.of(),
        Optional.empty(),
        60);
  }

  static Plan.Section section(String name, String... commands) {
    return new Plan.Section(
        name, Plan.Condition.SUCCEEDING, "", commands(commands), List.of(), false);
  }

  static Plan.Section after(String... commands) {
    return new Plan.Section(
        "post_build", Plan.Condition.IF_BEGAN, "build", commands(commands), List.of(), false);
  }

  static List<Plan.Command> commands(String... texts) {
    List<Plan.Command> commands = new ArrayList<>();
    for (String text : texts) {
      commands.add(new Plan.Command(text, commands.size() + 1));
    }
    return commands;
  }
}
