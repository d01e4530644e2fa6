package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.pipeline.JobRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The secrets of a sandbox that an earlier process made: its log goes on to be masked. */
final class GivenSecrets {
  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final SandboxRecord record;

  GivenSecrets(Parts parts, JobRunner.Assignment assignment, SandboxRecord record) {
    this.parts = parts;
    this.assignment = assignment;
    this.record = record;
  }

  /** Those of its container, if there still is one, else those that it would be given now. */
  List<String> of(Optional<JsonNode> container) {
    return container.map(this::given).orElseGet(this::present);
  }

  /** The values that this sandbox was given; the project's may have changed since. */
  private List<String> given(JsonNode container) {
    List<String> secrets = new ArrayList<>(present());
    WarmStart.secrets(parts.home(), Attempt.of(assignment)).ifPresent(secrets::addAll);
    for (JsonNode entry : container.at("/Config/Env")) {
      String[] variable = entry.asText().split("=", 2);
      if (variable.length == 2 && record.secretNames().contains(variable[0])) {
        secrets.add(variable[1]);
      }
    }
    return secrets;
  }

  private List<String> present() {
    return parts.access().effectiveVariables(assignment.run().project()).stream()
        .filter(v -> record.secretNames().contains(v.name()))
        .map(v -> v.value())
        .toList();
  }
}
