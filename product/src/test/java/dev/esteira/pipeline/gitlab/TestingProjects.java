package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Projects in memory. */
final class TestingProjects implements GitlabDialect.Projects {
  private final Map<String, String> settings = new HashMap<>();
  private final List<GitlabDialect.Variable> variables = new ArrayList<>();
  private final Map<String, String> pages = new HashMap<>();

  TestingProjects having(String name, String value) {
    settings.put(name, value);
    return this;
  }

  TestingProjects variable(String name, String value, boolean secret) {
    variables.add(new GitlabDialect.Variable(name, value, secret));
    return this;
  }

  TestingProjects page(String url, String text) {
    pages.put(url, text);
    return this;
  }

  @Override
  public Optional<String> setting(String project, String name) {
    return Optional.ofNullable(settings.get(name));
  }

  @Override
  public Optional<String> defaultBranch(String project) {
    return Optional.of("main");
  }

  @Override
  public List<GitlabDialect.Variable> variables(
      Runs.Request request, Optional<String> environment) {
    return List.copyOf(variables);
  }

  @Override
  public boolean isProtected(Runs.Request request) {
    return request.ref().equals("refs/heads/main");
  }

  @Override
  public Optional<String> remote(String url) {
    return Optional.ofNullable(pages.get(url));
  }
}
