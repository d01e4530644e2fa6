package dev.esteira.runner;

import dev.esteira.access.Access;
import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Setting.Fact;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The variables of a job: predefined ones, over them those of its file, of earlier jobs' dotenv
 * reports, of groups and project, and of whoever started the run (AWS CodeBuild user guide,
 * environment variables; GitLab, CI/CD variable precedence). Those of a script may name each other.
 */
final class JobEnvironment {
  private static final Duration KEY_MARGIN = Duration.ofHours(1);
  private static final String BUILDKIT = "DOCKER_BUILDKIT";
  private static final List<String> CA_VARIABLES =
      List.of(
          "AWS_CA_BUNDLE",
          "SSL_CERT_FILE",
          "CURL_CA_BUNDLE",
          "REQUESTS_CA_BUNDLE",
          "PIP_CERT",
          "GIT_SSL_CAINFO",
          "NODE_EXTRA_CA_CERTS");

  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final Expansion variables = new Expansion();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<String> secretNames = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> notices = new ArrayList<>();
  private String token = "";

  /** {@code inherited} are the variables that earlier jobs have reported. */
  JobEnvironment(
      Parts parts,
      RunnerSettings settings,
      JobRunner.Assignment assignment,
      Map<String, String> inherited) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    credentials();
    trust();
    boolean script = Workplace.isScript(assignment.job());
    if (script) {
      script(inherited);
    } else {
      put(CodebuildVariables.of(parts, settings, assignment));
      put(assignment.job().variables());
      Map<String, String> stored = stored();
      put(stored);
      project(Expansion.Rule.LITERAL);
      put(assignment.run().variables());
      judge(stored);
    }
    values.putAll(variables.values());
    // A secret that names another variable shows up with that one's value in it.
    secretNames.forEach(name -> secrets.add(values.getOrDefault(name, "")));
    secrets.removeIf(String::isEmpty);
    String builder = values.getOrDefault(BUILDKIT, "0");
    if (!builder.equals("0") && !builder.isEmpty()) {
      values.put(BUILDKIT, "0");
      notices.add(BUILDKIT + " is set to 0, because the builder here is the classic one");
    }
  }

  /** What the parameter store has of the variables that the job wants from it. */
  private Map<String, String> stored() {
    Map<String, String> stored = new LinkedHashMap<>();
    assignment
        .job()
        .setting()
        .parameters()
        .forEach((name, parameter) ->
            parts.parameters().value(parameter).ifPresent(value -> stored.put(name, value)));
    return stored;
  }

  /** Values of the store are all secret, as on CodeBuild; a variable that is nowhere fails. */
  private void judge(Map<String, String> stored) {
    assignment
        .job()
        .setting()
        .parameters()
        .forEach((name, parameter) -> {
          String value = variables.values().get(name);
          if (value == null) {
            throw new JobFailure(missing(name, parameter));
          }
          if (value.equals(stored.get(name))) {
            secretNames.add(name);
          }
        });
  }

  private String missing(String name, String parameter) {
    return ("env.parameter-store: %s is to be the parameter '%s', which is not in the store."
            + " Next: aws ssm put-parameter --type SecureString --name %s --value ...,"
            + " or ./esteira var set --project %s --secret %s=...")
        .formatted(name, parameter, parameter, assignment.run().project(), name);
  }

  /** What people should know of the variables. */
  List<String> notices() {
    return List.copyOf(notices);
  }

  private void put(Map<String, String> literal) {
    variables.putAll(literal, Expansion.Rule.LITERAL);
  }

  private void script(Map<String, String> inherited) {
    FactValues facts = new FactValues(parts, settings, assignment);
    token = facts.token();
    secret("CI_JOB_TOKEN", token);
    Map<String, String> predefined = assignment.job().setting().predefined();
    layers(facts, predefined, inherited);
    Optional<String> url = assignment.job().flow().environment().flatMap(Flow.Environment::url);
    url.ifPresent(text -> facts.environmentUrl(variables.expand(facts.in(text))));
    if (url.isPresent() && predefined.values().stream().anyMatch(JobEnvironment::asksForUrl)) {
      layers(facts, predefined, inherited);
    }
    idTokens(facts, predefined);
  }

  private void idTokens(FactValues facts, Map<String, String> predefined) {
    Map<String, List<String>> wanted = assignment.job().setting().idTokens();
    if (wanted.isEmpty()) {
      return;
    }
    Map<String, String> known = new LinkedHashMap<>();
    predefined.forEach((name, text) -> known.put(name, facts.in(text)));
    JobIdentity identity = new JobIdentity(parts, assignment, known);
    wanted.forEach((name, audiences) -> {
      String value = identity.token(audiences.stream().map(variables::expand).toList());
      put(Map.of(name, value));
      secret(name, value);
    });
  }

  private static boolean asksForUrl(String text) {
    return text.contains(Fact.ENVIRONMENT_URL.token());
  }

  private void layers(
      FactValues facts, Map<String, String> predefined, Map<String, String> inherited) {
    predefined.forEach((name, text) -> {
      String value = facts.in(text);
      variables.put(name, value, Expansion.Rule.LITERAL);
      if (value.equals(facts.token())) {
        secretNames.add(name);
      }
    });
    variables.putAll(assignment.job().variables(), Expansion.Rule.ALL);
    put(inherited);
    project(Expansion.Rule.KNOWN);
    variables.putAll(assignment.run().variables(), Expansion.Rule.KNOWN);
  }

  /** As the engine takes them. */
  List<String> list() {
    List<String> list = new ArrayList<>();
    values.forEach((name, value) -> list.add(name + "=" + value));
    return list;
  }

  Map<String, String> values() {
    return Map.copyOf(values);
  }

  /** The job's own token; empty for a job that is no script. */
  String token() {
    return token;
  }

  /** What the file and earlier jobs say, but for values with a secret in them. */
  Map<String, String> open() {
    Map<String, String> open = new LinkedHashMap<>();
    values.forEach((name, value) -> {
      boolean ofFile =
          assignment.job().setting().predefined().containsKey(name)
              || assignment.job().variables().containsKey(name);
      if (ofFile && secrets.stream().noneMatch(s -> !s.isEmpty() && value.contains(s))) {
        open.put(name, value);
      }
    });
    return open;
  }

  /** The text with the values of the job's variables in it. */
  String expand(String text) {
    return variables.expand(text);
  }

  /** Which of the variables that a text leads to are empty or not there. */
  Set<String> unset(String text) {
    return variables.unset(text);
  }

  /** Contents of the variables that are files, by variable. */
  Map<String, String> files() {
    return Map.copyOf(files);
  }

  List<String> secretNames() {
    return secretNames.stream().distinct().toList();
  }

  List<String> secrets() {
    return secrets.stream().distinct().toList();
  }

  private void credentials() {
    Duration lifetime = Duration.ofSeconds(assignment.job().timeoutSeconds()).plus(KEY_MARGIN);
    Access.Principal principal =
        Attempt.of(assignment).principal(Optional.of(assignment.run().project()));
    Access.AwsKey key = parts.access().issueKey(principal, lifetime);
    put(
        Map.of(
            "AWS_REGION", settings.region(),
            "AWS_DEFAULT_REGION", settings.region(),
            "AWS_ENDPOINT_URL", settings.awsEndpointUrl(),
            "AWS_ACCESS_KEY_ID", key.accessKeyId(),
            "AWS_SECRET_ACCESS_KEY", key.secretAccessKey()));
    secret("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
  }

  private void trust() {
    if (Files.exists(settings.caBundle())) {
      CA_VARIABLES.forEach(
          name -> variables.put(name, ControlDirectory.INSIDE + "/ca.pem", Expansion.Rule.LITERAL));
    }
  }

  private void project(Expansion.Rule rule) {
    String project = assignment.run().project();
    for (Access.Variable variable : parts.access().effectiveVariables(project, reader())) {
      if (variable.file()) {
        files.put(variable.name(), variable.value());
        variables.put(
            variable.name(),
            ControlDirectory.INSIDE + "/variables/" + variable.name(),
            Expansion.Rule.LITERAL);
      } else {
        variables.put(variable.name(), variable.value(), rule);
      }
      if (variable.secret()) {
        secret(variable.name(), variable.value());
      }
    }
  }

  /** The name of an environment may hold what is known of the job by then. */
  private Access.Reader reader() {
    return new Access.Reader(
        parts.access().isProtected(assignment.run().project(), assignment.run().ref()),
        assignment.job().flow().environment().map(e -> variables.expand(e.name())));
  }

  private void secret(String name, String value) {
    secretNames.add(name);
    secrets.add(value);
  }
}
