package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Failures that are forgiven, tries again, environments: what a job's end means. */
final class FlowReader {
  static final List<String> JOB_WHENS =
      List.of("on_success", "on_failure", "always", "manual", "delayed");
  static final List<String> RULE_WHENS =
      List.of("on_success", "on_failure", "always", "never", "manual", "delayed");
  private static final int RETRIES_MAX = 2;
  private static final int EXIT_CODE_MAX = 255;
  private static final Set<String> REASONS =
      Set.of(
          "always",
          "unknown_failure",
          "script_failure",
          "api_failure",
          "stuck_or_timeout_failure",
          "runner_system_failure",
          "runner_unsupported",
          "stale_schedule",
          "job_execution_timeout",
          "archived_failure",
          "unmet_prerequisites",
          "scheduler_failure",
          "data_integrity_failure");
  private static final String AUTO_STOP = "auto_stop_in";
  private static final Set<String> ENVIRONMENT =
      Set.of("name", "url", "on_stop", "action", AUTO_STOP, "deployment_tier", "kubernetes");
  private static final List<String> ACTIONS =
      List.of("start", "prepare", "stop", "verify", "access");

  private final Fields fields;

  FlowReader(Fields fields) {
    this.fields = fields;
  }

  static Flow.When when(String word) {
    return switch (word) {
      case "on_failure" -> Flow.When.ON_FAILURE;
      case "always" -> Flow.When.ALWAYS;
      case "manual" -> Flow.When.MANUAL;
      case "delayed" -> Flow.When.DELAYED;
      default -> Flow.When.ON_SUCCESS;
    };
  }

  static Optional<Flow.AllowFailure> allowFailure(Fields fields, Node node) {
    if (!(node instanceof Node.Keys keys)) {
      return fields.flag(node, "allow_failure").map(b -> new Flow.AllowFailure(b, Set.of()));
    }
    fields.unknown(keys, "allow_failure.", Set.of("exit_codes"));
    return Optional.of(
        new Flow.AllowFailure(
            false, codes(fields, keys, "exit_codes", "allow_failure.exit_codes")));
  }

  private static Set<Integer> codes(Fields fields, Node.Keys keys, String key, String name) {
    Set<Integer> codes = new HashSet<>();
    Optional<Node> node = keys.get(key);
    if (node.isPresent()) {
      List<Node> items =
          node.get() instanceof Node.Items list ? Node.flat(list) : List.of(node.get());
      items.forEach(i -> fields.number(i, name, 0, EXIT_CODE_MAX).ifPresent(codes::add));
    }
    return codes;
  }

  Flow.Retry retry(Node.Keys job) {
    Optional<Node> node = job.get("retry");
    if (node.isEmpty()) {
      return Flow.Retry.NEVER;
    }
    if (!(node.get() instanceof Node.Keys keys)) {
      int max = fields.number(node.get(), "retry", 0, RETRIES_MAX).orElse(0);
      return new Flow.Retry(max, Set.of(), Set.of());
    }
    fields.unknown(keys, "retry.", Set.of("max", "when", "exit_codes"));
    Set<String> reasons = new HashSet<>(fields.texts(keys, "when", "retry."));
    for (String reason : reasons) {
      if (!REASONS.contains(reason)) {
        fields
            .problems()
            .notice(
                keys.placeOf("when"), "'retry.when: " + reason + "' is no reason that occurs here");
      }
    }
    if (reasons.contains("always")) {
      reasons.clear();
    }
    int max = keys.get("max").flatMap(n -> fields.number(n, "retry.max", 0, RETRIES_MAX)).orElse(0);
    return new Flow.Retry(max, reasons, codes(fields, keys, "exit_codes", "retry.exit_codes"));
  }

  /** When the environment is to stop, if that is known only when variables have their values. */
  Optional<String> autoStopIn(Node.Keys job) {
    return job.get("environment").stream()
        .flatMap(n -> n instanceof Node.Keys keys ? keys.get(AUTO_STOP).stream() : Stream.of())
        .flatMap(n -> fields.text(n, "environment." + AUTO_STOP).stream())
        .filter(t -> t.contains("$"))
        .findFirst();
  }

  /** The environment as written: nothing in it is expanded. */
  Optional<Flow.Environment> environment(Node.Keys job) {
    Optional<Node> node = job.get("environment");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!(node.get() instanceof Node.Keys keys)) {
      return fields
          .text(node.get(), "environment")
          .map(name ->
              new Flow.Environment(
                  name,
                  Optional.empty(),
                  "start",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()));
    }
    fields.unknown(keys, "environment.", ENVIRONMENT);
    keys.entry("kubernetes")
        .ifPresent(e ->
            fields.problems().notice(e.place(), "'environment.kubernetes' is accepted and unused"));
    Optional<String> name = fields.text(keys, "name", "environment.");
    String action = fields.word(keys, "action", "environment.", ACTIONS, "start");
    if (name.isEmpty() || name.get().isBlank()) {
      fields.problems().error(keys.place(), "'environment' has no 'name'");
      return Optional.empty();
    }
    Optional<String> written = fields.text(keys, AUTO_STOP, "environment.");
    Optional<Long> autoStop =
        written.equals(Optional.of("never")) || written.filter(t -> t.contains("$")).isPresent()
            ? Optional.empty()
            : fields.seconds(keys, AUTO_STOP, "environment.");
    return Optional.of(
        new Flow.Environment(
            name.get(),
            fields.text(keys, "url", "environment."),
            action,
            fields.text(keys, "on_stop", "environment."),
            autoStop,
            fields.text(keys, "deployment_tier", "environment.")));
  }
}
