package dev.esteira.pipeline.gitlab;

import java.util.Optional;
import java.util.Set;

/**
 * Whether something is in a pipeline, and why.
 *
 * @param place of what decided
 * @param looked names of the variables that were looked at on the way
 */
record Verdict(
    boolean created, String reason, Place place, Optional<Rule> rule, Set<String> looked) {
  Verdict {
    looked = Set.copyOf(looked);
  }
}
