package dev.esteira.pipeline.gitlab;

import java.util.Optional;
import java.util.Set;

/** {@code pages}, by name or by keyword: the job's site, as the directory of its artifacts. */
final class SiteReader {
  /** The keyword, and the name of jobs that publish without it. */
  static final String KEY = "pages";

  private static final String USUAL = "public";
  private static final String PUBLISH = "publish";
  private static final Set<String> KNOWN = Set.of(PUBLISH, "path_prefix", "expire_in");

  private final Fields fields;

  SiteReader(Fields fields) {
    this.fields = fields;
  }

  Optional<String> read(String name, Node.Keys job) {
    Optional<String> older = fields.text(job, PUBLISH, "").filter(p -> !p.isBlank());
    Optional<Node> pages = job.get(KEY);
    if (pages.isEmpty()) {
      return name.equals(KEY) ? Optional.of(older.orElse(USUAL)) : Optional.empty();
    }
    if (!(pages.get() instanceof Node.Keys keys)) {
      boolean wanted = fields.flag(pages.get(), KEY).orElse(false);
      return wanted ? Optional.of(older.orElse(USUAL)) : Optional.empty();
    }
    fields.unknown(keys, "pages.", KNOWN);
    if (fields.text(keys, "path_prefix", "pages.").filter(p -> !p.isBlank()).isPresent()) {
      fields
          .problems()
          .notice(
              keys.placeOf("path_prefix"),
              "'pages.path_prefix' is not supported: this job publishes no site");
      return Optional.empty();
    }
    keys.entry("expire_in")
        .ifPresent(e ->
            fields
                .problems()
                .notice(e.place(), "'pages.expire_in' is accepted; a site stays until the next"));
    Optional<String> written = fields.text(keys, PUBLISH, "pages.").filter(p -> !p.isBlank());
    return written.or(() -> older).or(() -> Optional.of(USUAL));
  }
}
