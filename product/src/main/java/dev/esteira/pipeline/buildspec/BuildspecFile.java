package dev.esteira.pipeline.buildspec;

import dev.esteira.base.Yaml;
import dev.esteira.base.YamlNode;
import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One buildspec: its top level, environment and cache. */
final class BuildspecFile {
  private static final int TIMEOUT_SECONDS = 3600;
  private static final String ROOT_USER = "root";
  private static final Set<String> TOP =
      Set.of(
          "version", "run-as", "env", "phases", "artifacts", "cache", "reports", "batch", "proxy");
  private static final Set<String> ENV =
      Set.of(
          "variables",
          "shell",
          "parameter-store",
          "secrets-manager",
          "exported-variables",
          "git-credential-helper");

  private final String file;
  private final Fields fields;
  private final YamlNode root;
  private final String image;

  BuildspecFile(String file, Yaml.Result yaml, String image) {
    this.file = file;
    this.fields = new Fields(file);
    this.root = yaml.first();
    this.image = image;
    yaml.notes().forEach(n -> fields.notice(n.line(), n.text()));
  }

  Plan plan() {
    if (root.isNull()) {
      throw fields.invalid(1, "the file is empty; a buildspec needs 'version' and 'phases'");
    }
    if (!(root instanceof YamlNode.Mapping top)) {
      throw fields.invalid(
          root.line(),
          "a buildspec begins with keys such as 'version', but this is " + root.kind());
    }
    Plan.ShellRule rule = shellRule(top);
    Phases phases = new Phases(fields);
    List<Plan.Section> sections = phases.sections(top);
    Optional<YamlNode.Mapping> env = fields.mapping(top, "env");
    env.ifPresent(this::noticeEnv);
    noticeTop(top);
    Plan.Job job =
        new Plan.Job(
            "build",
            image,
            rule,
            shell(env),
            env.map(this::variables).orElse(Map.of()),
            sections,
            artifacts(top),
            cachePaths(top),
            runAs(top),
            TIMEOUT_SECONDS,
            Flow.PLAIN,
            Setting.of(phases.runtimes(), env.map(this::parameters).orElse(Map.of())));
    return new Plan(
        "buildspec", file, List.of(new Plan.Stage("Build", List.of(job))), fields.notices());
  }

  private Plan.ShellRule shellRule(YamlNode.Mapping top) {
    Optional<YamlNode> node = top.get("version").filter(n -> !n.isNull());
    if (node.isEmpty()) {
      fields.notice(1, "'version' is missing; the file is read as version 0.2");
      return Plan.ShellRule.EACH_COMMAND;
    }
    String version = fields.asText(node.get(), "version");
    return switch (version) {
      case "0.2" -> Plan.ShellRule.EACH_COMMAND;
      case "0.1" -> Plan.ShellRule.SHELL_EACH;
      default ->
          throw fields.invalid(
              node.get().line(), "version '" + version + "' does not exist; use 0.2 (or 0.1)");
    };
  }

  private String shell(Optional<YamlNode.Mapping> env) {
    String shell = env.flatMap(e -> fields.text(e, "shell")).orElse("sh");
    if (shell.equals("sh") || shell.equals("bash")) {
      return shell;
    }
    int line = env.flatMap(e -> e.get("shell")).map(YamlNode::line).orElse(1);
    throw fields.invalid(line, "env.shell '" + shell + "' is not one of sh, bash");
  }

  private Map<String, String> variables(YamlNode.Mapping env) {
    return texts(env, "variables");
  }

  private Map<String, String> parameters(YamlNode.Mapping env) {
    return texts(env, "parameter-store");
  }

  private Map<String, String> texts(YamlNode.Mapping env, String key) {
    Map<String, String> variables = new LinkedHashMap<>();
    fields
        .mapping(env, key)
        .ifPresent(v ->
            v.entries().forEach(e -> variables.put(e.key(), fields.asText(e.value(), e.key()))));
    return variables;
  }

  private void noticeEnv(YamlNode.Mapping env) {
    fields.unknown(env, "env.", ENV);
    fields
        .mapping(env, "secrets-manager")
        .ifPresent(m ->
            m.entries()
                .forEach(e ->
                    fields.notice(
                        e.line(),
                        "env.secrets-manager is not supported yet: %s gets its value only from a"
                                .formatted(e.key())
                            + " project variable of that name")));
    env.entry("exported-variables")
        .ifPresent(e -> fields.notice(e.line(), "env.exported-variables is accepted and unused"));
    env.entry("git-credential-helper")
        .ifPresent(
            e -> fields.notice(e.line(), "env.git-credential-helper is accepted and unused"));
  }

  private void noticeTop(YamlNode.Mapping top) {
    fields.unknown(top, "", TOP);
    for (String key : List.of("batch", "proxy")) {
      top.entry(key)
          .ifPresent(e -> fields.notice(e.line(), "'" + key + "' is not supported yet: ignored"));
    }
  }

  private List<Plan.Artifacts> artifacts(YamlNode.Mapping top) {
    List<Plan.Artifacts> all = new ArrayList<>(new ArtifactFields(fields).artifacts(top));
    all.addAll(new ReportFields(fields).artifacts(top));
    return all;
  }

  private List<String> cachePaths(YamlNode.Mapping top) {
    Optional<YamlNode.Mapping> cache = fields.mapping(top, "cache");
    cache.ifPresent(c -> fields.unknown(c, "cache.", Set.of("paths")));
    return cache.map(c -> fields.texts(c, "paths")).orElse(List.of());
  }

  private Optional<String> runAs(YamlNode.Mapping top) {
    return fields.text(top, "run-as").filter(user -> !user.equals(ROOT_USER));
  }
}
