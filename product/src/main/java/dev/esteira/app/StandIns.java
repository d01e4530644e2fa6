package dev.esteira.app;

import dev.esteira.engine.ImageName;
import dev.esteira.images.StandInImages;
import dev.esteira.names.RealNames;
import dev.esteira.proxy.Substitutes;
import dev.esteira.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is done when an image of another registry cannot be had, for builds, jobs and pods alike: a
 * registry that was reached has the last word; where it was not, a stand-in may do, and whoever
 * gets it is told. A registry that could not be reached is left alone for a while, so that not
 * every image waits for it anew.
 */
final class StandIns implements Substitutes {
  private static final Duration LEFT_ALONE = Duration.ofMinutes(1);

  /** The words of a registry, or of the engine about its answer. */
  private static final Pattern ANSWERED =
      Pattern.compile(
          "manifest unknown|manifest for .* not found|name unknown|access denied|unauthorized"
              + "|authentication required|no basic auth|denied:|toomanyrequests"
              + "|no matching manifest|does not exist|no space left",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** What could not be reached, why, and until when that is believed. */
  private record Failure(String why, Instant until) {}

  private final StandInImages images;
  private final Registry registry;
  private final String house;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Failure> failures = new ConcurrentHashMap<>();

  /** {@code house} is host:port of our registry. */
  StandIns(StandInImages images, Registry registry, String house, InstantSource clock) {
    this.images = images;
    this.registry = registry;
    this.house = house;
    this.clock = clock;
  }

  /** Whether it is an image of this house. */
  boolean isOurs(ImageName name) {
    return !name.host().equals(ImageName.DOCKER_HUB)
        && RealNames.repository(name.host(), name.path(), house).isPresent();
  }

  /** The image of our registry that somebody has put there under the name of one of another's. */
  Optional<String> kept(ImageName name) {
    String repository = name.familiarRepository();
    String separator = name.digest().isPresent() ? "@" : ":";
    return registry
        .manifest(repository, name.reference())
        .map(_ -> house + "/" + repository + separator + name.reference());
  }

  @Override
  public Optional<String> unreachable(String host) {
    return Optional.ofNullable(failures.get(host))
        .filter(failure -> clock.instant().isBefore(failure.until()))
        .map(Failure::why);
  }

  @Override
  public Optional<String> instead(ImageName asked, String why, Consumer<String> said) {
    if (ANSWERED.matcher(why).find()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    failures.compute(
        asked.host(),
        (_, known) ->
            known != null && now.isBefore(known.until())
                ? known
                : new Failure(why, now.plus(LEFT_ALONE)));
    return images
        .of(asked)
        .map(standIn -> {
          said.accept(
              "WARNING: %s cannot be reached for %s: %s"
                  .formatted(asked.host(), asked.familiar(), cause(why)));
          said.accept(
              "WARNING: %s stands in for it: %s%s"
                  .formatted(standIn.image(), standIn.says(), pinned(asked)));
          said.accept("WARNING: to have the real one here, push it: " + push(asked));
          return images.ensure(standIn, said);
        });
  }

  /** For an image that would be ours, but that nobody has pushed. */
  Optional<String> ofTools(ImageName asked, Consumer<String> said) {
    return images
        .of(asked)
        .map(standIn -> {
          said.accept(
              "WARNING: nobody has pushed %s here; %s stands in for it: %s"
                  .formatted(asked.familiar(), standIn.image(), standIn.says()));
          return images.ensure(standIn, said);
        });
  }

  @Override
  public Optional<String> notPushed(ImageName asked, Consumer<String> said) {
    return meant(asked)
        .map(standIn -> {
          said.accept(
              "WARNING: nobody has pushed %s here; %s stands in for it: %s"
                  .formatted(asked.familiar(), standIn.image(), standIn.says()));
          said.accept("WARNING: to have your own, push it: docker push " + asked.familiar());
          return images.ensure(standIn, said);
        });
  }

  /**
   * What a name in a private registry tells of the image there: teams keep general images under
   * their own names, and behind prefixes such as those of pull-through caches.
   */
  private Optional<StandInImages.StandIn> meant(ImageName asked) {
    String path = asked.path();
    return Stream.of(
            path, path.substring(path.indexOf('/') + 1), path.substring(path.lastIndexOf('/') + 1))
        .map(name -> ImageName.parse(name + ":" + asked.tag().orElse(ImageName.LATEST)))
        .flatMap(name -> images.of(name).stream())
        .findFirst();
  }

  /** The name of what stands in for it, as {@code imageID} shows it. */
  String shown(ImageName asked) {
    return images.of(asked).map(StandInImages.StandIn::image).orElse(asked.familiarRepository());
  }

  @Override
  public String advice(ImageName asked, String why) {
    boolean answered = ANSWERED.matcher(why).find();
    return "could not pull %s from %s: %s; the registry here has no %s either%s. "
            .formatted(
                asked.familiar(),
                asked.host(),
                cause(why),
                asked.familiar(),
                answered || images.of(asked).isPresent() ? "" : ", and nothing stands in for it")
        + "Where the image can be had, save it (docker save), load it here (docker load), then "
        + push(asked);
  }

  private static String pinned(ImageName asked) {
    return asked.digest().isPresent() ? "; it is not the digest that was asked for" : "";
  }

  private String push(ImageName asked) {
    String target =
        house + "/" + asked.familiarRepository() + ":" + asked.tag().orElse(ImageName.LATEST);
    return "docker tag %s %s && docker push %s"
        .formatted(asked.withTag(asked.tag().orElse(ImageName.LATEST)).familiar(), target, target);
  }

  /** What people can do something about comes last: which request of whom it was, they know. */
  private static String cause(String why) {
    return why.strip().replaceFirst("(?s)^.*Get \"[^\"]*\": ", "");
  }
}
