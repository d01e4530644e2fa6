package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Runs;
import java.util.Optional;

/** What a request says of its event. */
final class Event {
  private Event() {}

  static boolean merge(Runs.Request request) {
    return request.source().equals("merge_request_event");
  }

  /** The short name of the branch or tag; of a merge request, its source branch. */
  static String refName(Runs.Request request) {
    return Optional.ofNullable(request.facts().get("merge_request.source"))
        .filter(s -> merge(request))
        .or(request::branch)
        .or(request::tag)
        .orElse(request.ref());
  }
}
