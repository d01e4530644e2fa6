package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A house that the tests of a class share, and for each test a runner and its jobs. After each test
 * the jobs are cleaned up, and nothing of them may remain.
 */
final class TestingJobs implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final String project;
  private final List<TestingScript> scripts = new ArrayList<>();
  private @Nullable TestingHouse house;
  private @Nullable SandboxRunner runner;

  /** {@code project} is there before the tests. */
  TestingJobs(String project) {
    this.project = project;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    house = new TestingHouse();
    house.access.createProject(project, Map.of());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    scripts.forEach(TestingScript::close);
    restart();
    for (TestingScript script : scripts) {
      assertEquals(
          List.of(), house.engine.containers(Map.of("esteira.owner", "job/" + script.jobId)));
    }
    scripts.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    house.close();
  }

  TestingHouse house() {
    return house;
  }

  /** The runner of this test, which is made when it is first asked for. */
  SandboxRunner runner() {
    if (runner == null) {
      runner = house.runner();
    }
    return runner;
  }

  /** The runner goes; the next one that is asked for is new, as after a restart of the process. */
  void restart() {
    if (runner != null) {
      runner.close();
      runner = null;
    }
  }

  /** A job of this test. */
  TestingScript script() {
    TestingScript script = new TestingScript(house, runner());
    scripts.add(script);
    return script;
  }
}
