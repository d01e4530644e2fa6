package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Releases;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.Setting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job that is a script, put together word by word, and run in a testing house. */
final class TestingScript implements AutoCloseable {
  private static int jobs;

  final TestingEvents events = new TestingEvents();
  final String jobId = "script" + ++jobs;
  private final TestingHouse house;
  private final SandboxRunner runner;
  private final Map<String, String> predefined =
      new HashMap<>(
          Map.of(
              "CI", "true",
              "CI_JOB_TOKEN", Setting.Fact.JOB_TOKEN.token(),
              "CI_PROJECT_DIR", Setting.Fact.WORKSPACE.token()));
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> asked = new HashMap<>();
  private final List<Plan.Artifacts> artifacts = new ArrayList<>();
  private final List<Setting.Cache> caches = new ArrayList<>();
  private final List<Setting.ServiceContainer> services = new ArrayList<>();
  private final List<JobRunner.Input> inputs = new ArrayList<>();
  private final List<Plan.Section> sections = new ArrayList<>();
  private Optional<List<String>> entrypoint = Optional.empty();
  private Optional<Flow.Environment> environment = Optional.empty();
  private Optional<String> coverage = Optional.empty();
  private Optional<Flow.Release> release = Optional.empty();
  private Optional<String> site = Optional.empty();
  private String image = TestingHouse.IMAGE;

  TestingScript(TestingHouse house, SandboxRunner runner) {
    this.house = house;
    this.runner = runner;
  }

  TestingScript script(String... commands) {
    sections.add(JobScriptTest.section("script", commands));
    return this;
  }

  TestingScript after(String... commands) {
    sections.add(
        new Plan.Section(
            "after_script",
            Plan.Condition.ALWAYS,
            "",
            JobScriptTest.commands(commands),
            List.of(),
            true));
    return this;
  }

  TestingScript image(String name) {
    image = name;
    return this;
  }

  TestingScript entrypoint(String... words) {
    entrypoint = Optional.of(List.of(words));
    return this;
  }

  TestingScript variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  TestingScript predefined(String name, String value) {
    predefined.put(name, value);
    return this;
  }

  TestingScript asked(String name, String value) {
    asked.put(name, value);
    return this;
  }

  TestingScript service(Setting.ServiceContainer service) {
    services.add(service);
    return this;
  }

  TestingScript artifacts(Plan.Artifacts some) {
    artifacts.add(some);
    return this;
  }

  TestingScript cache(Setting.Cache cache) {
    caches.add(cache);
    return this;
  }

  TestingScript input(TestingScript earlier) {
    inputs.add(new JobRunner.Input(earlier.jobId, 1, earlier.jobId));
    return this;
  }

  TestingScript environment(String name, String url) {
    environment =
        Optional.of(
            new Flow.Environment(
                name,
                Optional.of(url),
                "start",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    return this;
  }

  TestingScript coverage(String pattern) {
    coverage = Optional.of(pattern);
    return this;
  }

  TestingScript release(String tag, String description) {
    release =
        Optional.of(
            new Flow.Release(
                tag,
                Optional.empty(),
                Optional.of("Version " + tag),
                description,
                Optional.empty(),
                List.of(),
                Optional.of("2026-03-01T08:00:00Z"),
                List.of(new Releases.Link("zip", "https://example.com/$WHO.zip", "other"))));
    return this;
  }

  TestingScript site(String directory) {
    site = Optional.of(directory);
    return this;
  }

  TestingScript start() {
    Runs.Request request =
        new Runs.Request(
            "team/shop",
            "c0ffee",
            "refs/heads/main",
            "ana",
            "push",
            Optional.empty(),
            asked,
            Map.of());
    JobRunner.Place place = new JobRunner.Place(41, 9, Instant.EPOCH, "test", inputs);
    runner.start(new JobRunner.Assignment(jobId, 1, request, 7, "r1", job(), place), events);
    return this;
  }

  private Plan.Job job() {
    return new Plan.Job(
        "test",
        image,
        Plan.ShellRule.WHOLE_SCRIPT,
        "bash",
        variables,
        sections,
        artifacts,
        List.of(),
        Optional.empty(),
        60,
        flow(),
        setting());
  }

  private Flow flow() {
    Flow plain = Flow.PLAIN;
    return new Flow(
        plain.needs(),
        plain.inputsFrom(),
        plain.when(),
        0,
        plain.allowFailure(),
        plain.retry(),
        false,
        plain.resourceGroup(),
        environment,
        plain.trigger(),
        coverage,
        release,
        site);
  }

  private Setting setting() {
    return new Setting(
        entrypoint,
        true,
        services,
        caches,
        predefined,
        Setting.Source.CLONE,
        Map.of(),
        Map.of(),
        Map.of());
  }

  /** Starts it and waits for its end. */
  String run() throws InterruptedException {
    start();
    return events.end();
  }

  List<String> log() {
    return house.logs.read("job/" + jobId + "/1", 0, 10_000).stream().map(Logs.Line::text).toList();
  }

  void says(String line) {
    assertTrue(log().contains(line), "no '" + line + "' in " + log());
  }

  @Override
  public void close() {
    runner.cleanUp(jobId, 1);
  }
}
