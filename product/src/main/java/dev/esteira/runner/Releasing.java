package dev.esteira.runner;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Releases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Releases what the file of a job says, once its script has succeeded. */
final class Releasing {
  private static final int NOTES_BYTES_MAX = 1 << 20;
  private static final int PATH_CHARACTERS_MAX = 1_024;

  /** What is the user's to mend. */
  private static final Set<ErrorCode> THEIRS =
      Set.of(ErrorCode.INVALID, ErrorCode.CONFLICT, ErrorCode.NOT_FOUND, ErrorCode.LIMIT);

  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final JobRunner.Events events;
  private final Path workspace;
  private final Expansion variables = new Expansion();

  Releasing(
      Parts parts,
      JobRunner.Assignment assignment,
      JobRunner.Events events,
      Map<String, String> variables) {
    this.parts = parts;
    this.assignment = assignment;
    this.events = events;
    this.workspace = Attempt.of(assignment).workspace(parts.home());
    this.variables.putAll(variables, Expansion.Rule.LITERAL);
  }

  /** Returns why there is no release, or nothing when all is well. */
  Optional<String> run(ContainerWatch watch) throws InterruptedException {
    Optional<Flow.Release> release = assignment.job().flow().release();
    if (release.isEmpty()) {
      return Optional.empty();
    }
    // Nothing in the sandbox must change the file of notes that is read.
    watch.awaitEnd();
    ControlDirectory control = Attempt.of(assignment).control(parts.home());
    control.say(List.of("== RELEASE"));
    try {
      Releases.Wanted wanted = wanted(release.get());
      events.release(assignment.jobId(), assignment.attempt(), wanted);
      control.say(
          List.of("Release " + wanted.name().orElse(wanted.tag()) + " of tag " + wanted.tag()));
      return Optional.empty();
    } catch (EsteiraException e) {
      if (!THEIRS.contains(e.code())) {
        throw e;
      }
      control.say(List.of(e.text()));
      return Optional.of(e.text());
    }
  }

  private Releases.Wanted wanted(Flow.Release release) {
    return new Releases.Wanted(
        assignment.run().project(),
        variables.expand(release.tagName()).strip(),
        release.tagMessage().map(variables::expand),
        release.name().map(variables::expand),
        notes(variables.expand(release.description())),
        Optional.of(
            release
                .ref()
                .map(variables::expand)
                .filter(ref -> !ref.isBlank())
                .orElse(assignment.run().commit())),
        assignment.run().actor(),
        release.releasedAt().map(variables::expand).map(Releasing::time),
        release.milestones().stream().map(variables::expand).toList(),
        release.links().stream()
            .map(l ->
                new Releases.Link(variables.expand(l.name()), variables.expand(l.url()), l.type()))
            .toList());
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw EsteiraException.invalid("release.released_at: '" + text + "' is no time");
    }
  }

  /** The text itself, or what the file of the workspace holds whose path it is. */
  private String notes(String text) {
    if (text.length() > PATH_CHARACTERS_MAX || text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0) {
      return text;
    }
    try {
      Path root = workspace.toRealPath();
      Path file = root.resolve(text.strip()).normalize();
      boolean inside =
          file.startsWith(root)
              && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && file.toRealPath().equals(file);
      if (!inside) {
        return text;
      }
      if (Files.size(file) > NOTES_BYTES_MAX) {
        throw EsteiraException.limit(
            "release.description: '%s' has more than %d bytes".formatted(text, NOTES_BYTES_MAX));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + text, e);
    }
  }
}
