package dev.esteira.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What projects have released: names for tags, with notes and links. Durable. */
public interface Releases {
  /**
   * A release of a project.
   *
   * @param tag unique among the releases of the project
   * @param description Markdown
   * @param releasedAt may be still to come
   * @param madeBy the job that made it, when one did
   */
  record Release(
      String project,
      String tag,
      String name,
      String description,
      String commit,
      String actor,
      Instant createdAt,
      Instant releasedAt,
      List<String> milestones,
      List<Link> links,
      Optional<String> madeBy) {
    public Release {
      milestones = List.copyOf(milestones);
      links = List.copyOf(links);
    }
  }

  /**
   * Something that belongs to a release.
   *
   * @param type {@code other}, {@code runbook}, {@code image} or {@code package}
   */
  record Link(String name, String url, String type) {}

  /**
   * A release to make.
   *
   * @param tagMessage makes the tag an annotated one, when it has to be made
   * @param ref what the tag is to mean when there is no such tag; empty: the default branch
   */
  record Wanted(
      String project,
      String tag,
      Optional<String> tagMessage,
      Optional<String> name,
      String description,
      Optional<String> ref,
      String actor,
      Optional<Instant> releasedAt,
      List<String> milestones,
      List<Link> links) {
    public Wanted {
      milestones = List.copyOf(milestones);
      links = List.copyOf(links);
    }
  }

  /**
   * Makes it, with its tag when there is none yet; a new tag starts a run as a pushed one does. A
   * second release of a tag is a {@code CONFLICT}, unless the same attempt of a job asks again.
   */
  Release create(Wanted wanted);

  /** The latest first. */
  List<Release> list(String project);

  Optional<Release> find(String project, String tag);
}
