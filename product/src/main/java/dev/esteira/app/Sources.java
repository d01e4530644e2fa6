package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.git.Repositories;
import dev.esteira.names.RealNames;
import dev.esteira.pipeline.Runs;
import dev.esteira.runner.SourceProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sources of jobs, from the repositories of the house. */
record Sources(Repositories repositories, Access access, String consoleUrl)
    implements SourceProvider {
  /** {@code user@host:path}, as ssh takes it. */
  private static final Pattern SCP = Pattern.compile("(?:[\\w.-]+@)?([\\w.-]+):(?!//)(.+)");

  @Override
  public void materialize(Runs.Request request, Path directory) {
    repositories.checkout(request.project(), request.commit(), request.ref(), directory);
  }

  @Override
  public void materialize(Runs.Request request, Path directory, int depth) {
    repositories.checkout(request.project(), request.commit(), request.ref(), directory, depth);
  }

  @Override
  public String repositoryUrl(Runs.Request request) {
    return consoleUrl + "/v1/repos/" + request.project();
  }

  @Override
  public Optional<Runs.Request> cloned(Runs.Request request) {
    return new CommitTrees(repositories, access)
        .tip(request.project(), Optional.empty())
        .map(tip -> of(request.project(), tip.commit(), tip.ref(), request.actor()));
  }

  private static Runs.Request of(String project, String commit, String ref, String actor) {
    return new Runs.Request(
        project, commit, ref, actor, "push", Optional.empty(), Map.of(), Map.of());
  }

  @Override
  public List<Submodule> submodules(Runs.Request request) {
    return repositories.submodules(request.project(), request.commit()).stream()
        .map(s ->
            new Submodule(s.name(), s.path(), s.url(), s.commit(), project(request.project(), s)))
        .toList();
  }

  /** The project that an address means, when it has the commit and the job may read it. */
  private Optional<String> project(String of, Repositories.Submodule submodule) {
    Access.Principal job = new Access.Principal("job/", Optional.of(of));
    return path(of, submodule.url())
        .map(path -> path.replaceFirst("^/+", "").replaceFirst("/+$", ""))
        .map(path -> path.replaceFirst("\\.git$", ""))
        .filter(path -> access.project(path).isPresent() && job.mayRead(path))
        .filter(path -> repositories.resolve(path, submodule.commit()).isPresent());
  }

  private Optional<String> path(String of, String url) {
    if (url.startsWith("./") || url.startsWith("../")) {
      String resolved = URI.create("/" + of + "/").resolve(url).getPath();
      return resolved.contains("..") ? Optional.empty() : Optional.of(resolved);
    }
    String house = consoleUrl + "/git/";
    if (url.startsWith(house)) {
      return Optional.of(url.substring(house.length()));
    }
    Matcher scp = SCP.matcher(url);
    if (scp.matches()) {
      return isGitlab(scp.group(1)) ? Optional.of(scp.group(2)) : Optional.empty();
    }
    try {
      URI uri = URI.create(url);
      return uri.getHost() != null && isGitlab(uri.getHost())
          ? Optional.ofNullable(uri.getPath())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isGitlab(String host) {
    return RealNames.meaning(host)
        .filter(meaning -> meaning instanceof RealNames.Gitlab)
        .isPresent();
  }
}
