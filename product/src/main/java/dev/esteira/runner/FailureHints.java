package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.pipeline.JobRunner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What people may want to know of a command's failure, told under its output. */
final class FailureHints {
  /** A shell's word for a command that is not there. */
  private static final int NOT_FOUND = 127;

  private static final String OWN_IMAGES = "esteira/";

  private final Parts parts;
  private final JobRunner.Assignment assignment;

  FailureHints(Parts parts, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.assignment = assignment;
  }

  /** {@code variables} are those that the job was given. */
  List<String> of(int exitCode, Map<String, String> variables, Optional<JsonNode> container) {
    List<String> hints = new ArrayList<>();
    String image = assignment.job().image();
    if (exitCode == NOT_FOUND && image.startsWith(OWN_IMAGES)) {
      hints.add(
          "Hint: the job names no image and ran in %s, which has no such command. Next: name an"
                  .formatted(image)
              + " image that has it (image: ...), or install it in the job");
    }
    Set<String> known = new HashSet<>(variables.keySet());
    container.ifPresent(found ->
        found.at("/Config/Env").forEach(entry -> known.add(entry.asText().split("=", 2)[0])));
    Set<String> unset = UnsetVariables.in(assignment.job().sections(), known);
    if (!unset.isEmpty()) {
      hints.add(
          "Hint: the script names variables without a value: "
              + UnsetVariables.told(parts.access(), assignment.run().project(), unset));
    }
    return hints;
  }
}
