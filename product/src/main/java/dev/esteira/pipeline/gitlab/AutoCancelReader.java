package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.AutoCancel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code auto_cancel} of the workflow, or of one of its rules. */
final class AutoCancelReader {
  /** What holds when nothing is written. */
  static final AutoCancel USUAL = new AutoCancel(AutoCancel.OnNewCommit.CONSERVATIVE, false);

  private static final String KEY = "auto_cancel";

  private AutoCancelReader() {}

  /** {@code usual} stands for what is not written. */
  static AutoCancel read(Fields fields, Node.Keys parent, String where, AutoCancel usual) {
    Optional<Node.Keys> cancel = parent.get(KEY).flatMap(n -> fields.keys(n, where + KEY));
    if (cancel.isEmpty()) {
      return usual;
    }
    String inside = where + KEY + ".";
    fields.unknown(cancel.get(), inside, Set.of("on_new_commit", "on_job_failure"));
    String onNewCommit =
        fields.word(
            cancel.get(),
            "on_new_commit",
            inside,
            List.of("conservative", "interruptible", "none"),
            usual.onNewCommit().name().toLowerCase(Locale.ROOT));
    String onFailure =
        fields.word(
            cancel.get(),
            "on_job_failure",
            inside,
            List.of("none", "all"),
            usual.allOnJobFailure() ? "all" : "none");
    return new AutoCancel(
        AutoCancel.OnNewCommit.valueOf(onNewCommit.toUpperCase(Locale.ROOT)),
        onFailure.equals("all"));
  }
}
