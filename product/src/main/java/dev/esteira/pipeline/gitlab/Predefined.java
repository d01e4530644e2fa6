package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.Setting.Fact;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The variables that GitLab itself sets for a pipeline. Rules see what is known when a pipeline is
 * made; jobs see that and what only the run and the sandbox know, as facts.
 */
final class Predefined {
  private static final String SERVER = "gitlab.com";
  private static final String SERVER_URL = "https://" + SERVER;
  private static final String REGISTRY = "registry.gitlab.com";
  private static final String TOKEN_USER = "gitlab-ci-token";
  private static final String VERSION = "17.11.0";
  private static final String NO_COMMIT = "0".repeat(40);
  private static final int SHORT_SHA = 8;

  private final Runs.Request request;
  private final Dialect.Commit commit;
  private final GitlabDialect.Projects projects;
  private final String file;

  Predefined(
      Runs.Request request, Dialect.Commit commit, GitlabDialect.Projects projects, String file) {
    this.request = request;
    this.commit = commit;
    this.projects = projects;
    this.file = file;
  }

  /** What is known before any job runs. */
  Map<String, String> known() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("CI", "true");
    all.put("GITLAB_CI", "true");
    server(all);
    project(all);
    registry(all);
    commit(all);
    pipeline(all);
    if (Event.merge(request)) {
      mergeRequest(all);
    }
    return all;
  }

  private static void server(Map<String, String> all) {
    all.put("CI_SERVER", "yes");
    all.put("CI_SERVER_NAME", "GitLab");
    all.put("CI_SERVER_HOST", SERVER);
    all.put("CI_SERVER_FQDN", SERVER);
    all.put("CI_SERVER_PORT", "443");
    all.put("CI_SERVER_PROTOCOL", "https");
    all.put("CI_SERVER_URL", SERVER_URL);
    all.put("CI_SERVER_SHELL_SSH_HOST", SERVER);
    all.put("CI_SERVER_SHELL_SSH_PORT", "22");
    all.put("CI_SERVER_VERSION", VERSION);
    all.put("CI_SERVER_VERSION_MAJOR", "17");
    all.put("CI_SERVER_VERSION_MINOR", "11");
    all.put("CI_SERVER_VERSION_PATCH", "0");
    all.put("CI_SERVER_REVISION", "esteira");
    all.put("CI_API_V4_URL", SERVER_URL + "/api/v4");
    all.put("CI_API_GRAPHQL_URL", SERVER_URL + "/api/graphql");
    all.put("GITLAB_FEATURES", "");
  }

  private void project(Map<String, String> all) {
    String path = request.project();
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    String namespace = slash < 0 ? "" : path.substring(0, slash);
    all.put("CI_PROJECT_ID", projectNumber(path));
    all.put("CI_PROJECT_NAME", name);
    all.put("CI_PROJECT_TITLE", name);
    all.put("CI_PROJECT_DESCRIPTION", "");
    all.put("CI_PROJECT_NAMESPACE", namespace);
    all.put("CI_PROJECT_NAMESPACE_SLUG", Slugs.slug(namespace));
    all.put("CI_PROJECT_NAMESPACE_ID", projectNumber(namespace));
    all.put("CI_PROJECT_ROOT_NAMESPACE", namespace.split("/", 2)[0]);
    all.put("CI_PROJECT_PATH", path);
    all.put("CI_PROJECT_PATH_SLUG", Slugs.slug(path));
    all.put("CI_PROJECT_URL", SERVER_URL + "/" + path);
    all.put("CI_PROJECT_VISIBILITY", "private");
    all.put("CI_PROJECT_REPOSITORY_LANGUAGES", "");
    all.put("CI_CONFIG_PATH", file);
    projects.defaultBranch(path).ifPresent(b -> all.put("CI_DEFAULT_BRANCH", b));
  }

  /** The same for the same path, always. */
  static String projectNumber(String path) {
    CRC32 sum = new CRC32();
    sum.update(path.getBytes(StandardCharsets.UTF_8));
    return Long.toString(1 + sum.getValue() % 99_999_999);
  }

  private void registry(Map<String, String> all) {
    String path = request.project().toLowerCase(Locale.ROOT);
    all.put("CI_REGISTRY", REGISTRY);
    all.put("CI_REGISTRY_IMAGE", REGISTRY + "/" + path);
    all.put("CI_REGISTRY_USER", TOKEN_USER);
    // The proxy's images are Docker Hub's: under this prefix they are found without it, too.
    all.put("CI_DEPENDENCY_PROXY_SERVER", REGISTRY);
    all.put("CI_DEPENDENCY_PROXY_USER", TOKEN_USER);
    all.put("CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX", "docker.io");
    all.put("CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX", "docker.io");
    all.put("CI_TEMPLATE_REGISTRY_HOST", REGISTRY);
  }

  private void commit(Map<String, String> all) {
    String sha = request.commit();
    String message = commit.message();
    String[] parts = message.split("\\R", 2);
    String ref = Event.refName(request);
    all.put("CI_COMMIT_SHA", sha);
    all.put("CI_COMMIT_SHORT_SHA", sha.substring(0, Math.min(SHORT_SHA, sha.length())));
    all.put("CI_COMMIT_BEFORE_SHA", request.before().orElse(NO_COMMIT));
    all.put("CI_COMMIT_REF_NAME", ref);
    all.put("CI_COMMIT_REF_SLUG", Slugs.slug(ref));
    all.put("CI_COMMIT_REF_PROTECTED", Boolean.toString(projects.isProtected(request)));
    all.put("CI_COMMIT_MESSAGE", message);
    all.put("CI_COMMIT_TITLE", parts[0]);
    all.put("CI_COMMIT_DESCRIPTION", parts.length > 1 ? parts[1].strip() : "");
    all.put("CI_COMMIT_AUTHOR", commit.author() + " <" + commit.email() + ">");
    all.put("CI_COMMIT_TIMESTAMP", commit.time());
    if (!Event.merge(request)) {
      request.branch().ifPresent(b -> all.put("CI_COMMIT_BRANCH", b));
    }
    request
        .tag()
        .ifPresent(tag -> {
          all.put("CI_COMMIT_TAG", tag);
          all.put("CI_COMMIT_TAG_MESSAGE", request.facts().getOrDefault("tag.message", ""));
        });
  }

  private void pipeline(Map<String, String> all) {
    all.put("CI_PIPELINE_SOURCE", request.source());
    if (request.source().equals("trigger")) {
      all.put("CI_PIPELINE_TRIGGERED", "true");
    }
    fact(all, "CI_PIPELINE_SCHEDULE_DESCRIPTION", "schedule.description");
    all.put("GITLAB_USER_ID", "1");
    all.put("GITLAB_USER_LOGIN", request.actor());
    all.put("GITLAB_USER_NAME", request.facts().getOrDefault("user.name", request.actor()));
    all.put(
        "GITLAB_USER_EMAIL",
        request.facts().getOrDefault("user.email", request.actor() + "@localhost"));
  }

  private void fact(Map<String, String> all, String variable, String fact) {
    Optional.ofNullable(request.facts().get(fact)).ifPresent(v -> all.put(variable, v));
  }

  private void mergeRequest(Map<String, String> all) {
    String prefix = "CI_MERGE_REQUEST_";
    for (Map.Entry<String, String> entry : request.facts().entrySet()) {
      if (entry.getKey().startsWith("merge_request.")) {
        String name = entry.getKey().substring("merge_request.".length());
        all.put(prefix + name.toUpperCase(Locale.ROOT).replace('.', '_'), entry.getValue());
      }
    }
    fact(all, prefix + "SOURCE_BRANCH_NAME", "merge_request.source");
    fact(all, prefix + "TARGET_BRANCH_NAME", "merge_request.target");
    fact(all, prefix + "SOURCE_BRANCH_SHA", "merge_request.source_sha");
    fact(all, prefix + "TARGET_BRANCH_SHA", "merge_request.target_sha");
    all.remove(prefix + "SOURCE");
    all.remove(prefix + "TARGET");
    all.remove(prefix + "SOURCE_SHA");
    all.remove(prefix + "TARGET_SHA");
    all.putIfAbsent(prefix + "EVENT_TYPE", "detached");
    all.putIfAbsent(prefix + "REF_PATH", request.ref());
    String path = request.project();
    for (String kind : new String[] {"", "SOURCE_"}) {
      all.putIfAbsent(prefix + kind + "PROJECT_ID", projectNumber(path));
      all.putIfAbsent(prefix + kind + "PROJECT_PATH", path);
      all.putIfAbsent(prefix + kind + "PROJECT_URL", SERVER_URL + "/" + path);
    }
  }

  /** What only the run knows, and every job of it gets. */
  static Map<String, String> facts(String project) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("CI_PIPELINE_ID", Fact.RUN_NUMBER.token());
    all.put("CI_PIPELINE_IID", Fact.RUN_NUMBER_IN_PROJECT.token());
    all.put("CI_PIPELINE_URL", Fact.RUN_URL.token());
    all.put("CI_PIPELINE_CREATED_AT", Fact.RUN_CREATED_AT.token());
    all.put("CI_JOB_ID", Fact.JOB_NUMBER.token());
    all.put("CI_JOB_URL", Fact.JOB_URL.token());
    all.put("CI_JOB_TOKEN", Fact.JOB_TOKEN.token());
    all.put("CI_JOB_STARTED_AT", Fact.JOB_STARTED_AT.token());
    all.put("CI_JOB_STATUS", "running");
    all.put("CI_REGISTRY_PASSWORD", Fact.JOB_TOKEN.token());
    all.put("CI_DEPENDENCY_PROXY_PASSWORD", Fact.JOB_TOKEN.token());
    all.put("CI_REPOSITORY_URL", Fact.REPOSITORY_URL.token());
    all.put("CI_PROJECT_DIR", Fact.WORKSPACE.token());
    all.put("CI_BUILDS_DIR", Fact.BUILDS_DIRECTORY.token());
    all.put("CI_PAGES_DOMAIN", "gitlab.io");
    all.put("CI_PAGES_URL", Fact.CONSOLE_URL.token() + "/pages/" + project);
    all.put("CI_CONCURRENT_ID", "0");
    all.put("CI_CONCURRENT_PROJECT_ID", "0");
    all.put("CI_DISPOSABLE_ENVIRONMENT", "true");
    all.put("CI_RUNNER_ID", "1");
    all.put("CI_RUNNER_DESCRIPTION", "esteira");
    all.put("CI_RUNNER_TAGS", "[]");
    all.put("CI_RUNNER_VERSION", VERSION);
    all.put("CI_RUNNER_EXECUTABLE_ARCH", "linux/" + System.getProperty("os.arch", "amd64"));
    return all;
  }

  /** The names that GitLab gave up with version 9, for files older than that. */
  static void addOldNames(Map<String, String> all) {
    old(all, "CI_BUILD_ID", "CI_JOB_ID");
    old(all, "CI_BUILD_REF", "CI_COMMIT_SHA");
    old(all, "CI_BUILD_TAG", "CI_COMMIT_TAG");
    old(all, "CI_BUILD_BEFORE_SHA", "CI_COMMIT_BEFORE_SHA");
    old(all, "CI_BUILD_REF_NAME", "CI_COMMIT_REF_NAME");
    old(all, "CI_BUILD_REF_SLUG", "CI_COMMIT_REF_SLUG");
    old(all, "CI_BUILD_NAME", "CI_JOB_NAME");
    old(all, "CI_BUILD_STAGE", "CI_JOB_STAGE");
    old(all, "CI_BUILD_REPO", "CI_REPOSITORY_URL");
    old(all, "CI_BUILD_TRIGGERED", "CI_PIPELINE_TRIGGERED");
    old(all, "CI_BUILD_MANUAL", "CI_JOB_MANUAL");
    old(all, "CI_BUILD_TOKEN", "CI_JOB_TOKEN");
  }

  private static void old(Map<String, String> all, String old, String name) {
    String value = all.get(name);
    if (value != null) {
      all.put(old, value);
    }
  }
}
