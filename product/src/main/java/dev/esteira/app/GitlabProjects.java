package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.gitlab.GitlabDialect;
import java.util.List;
import java.util.Optional;

/** What the GitLab dialect asks of projects, answered from their settings and variables. */
record GitlabProjects(Access access, RemoteFiles remoteFiles) implements GitlabDialect.Projects {
  @Override
  public Optional<String> setting(String project, String name) {
    return access
        .project(project)
        .map(Access.Project::settings)
        .flatMap(s -> Optional.ofNullable(s.get(name)));
  }

  @Override
  public Optional<String> defaultBranch(String project) {
    return access.project(project).flatMap(Access.Project::defaultBranch);
  }

  @Override
  public List<GitlabDialect.Variable> variables(
      Runs.Request request, Optional<String> environment) {
    return access
        .effectiveVariables(request.project(), new Access.Reader(isProtected(request), environment))
        .stream()
        .map(v -> new GitlabDialect.Variable(v.name(), v.value(), v.secret()))
        .toList();
  }

  @Override
  public boolean isProtected(Runs.Request request) {
    return access.isProtected(request.project(), request.ref());
  }

  @Override
  public Optional<String> remote(String url) {
    return Optional.of(remoteFiles.read(url));
  }
}
