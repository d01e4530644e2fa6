package dev.esteira.pipeline;

import dev.esteira.base.Digest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a job does to an environment; names are expanded.
 *
 * @param action {@code start}, {@code prepare}, {@code stop}, {@code verify}, {@code access}
 */
record EnvironmentUse(
    String name,
    String slug,
    Optional<String> url,
    String action,
    Optional<String> onStop,
    Optional<Long> autoStopSeconds,
    String tier) {
  private static final String SLUG = "CI_ENVIRONMENT_SLUG";
  private static final int SLUG_MAX = 24;
  private static final int SUFFIX = 6;
  private static final Pattern PRODUCTION =
      Pattern.compile("(^|[^a-z])(prod|production|live)([^a-z]|$)");
  private static final Pattern STAGING =
      Pattern.compile("(^|[^a-z])(stag(e|ing)?|model|pre|demo|non)([^a-z]|$)");
  private static final Pattern TESTING =
      Pattern.compile("(^|[^a-z])(test|tests|tst|int|ac(ce|)pt|qa|qc|control)([^a-z]|$)");
  private static final Pattern DEVELOPMENT = Pattern.compile("(^|[^a-z])(dev|review|trunk)");

  static EnvironmentUse of(Runs.Request request, Plan.Job job, Flow.Environment wanted) {
    Words words = Words.of(request, job);
    String name = words.expand(wanted.name());
    String slug = job.setting().predefined().getOrDefault(SLUG, slug(name));
    return new EnvironmentUse(
        name,
        slug,
        wanted.url().map(words::expand),
        wanted.action(),
        wanted.onStop(),
        wanted.autoStopSeconds(),
        wanted.tier().orElseGet(() -> tier(name.toLowerCase(Locale.ROOT))));
  }

  /** Fit for a host name (GitLab's rule). */
  private static String slug(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String begun = plain.matches("[a-z].*") ? plain : "env-" + plain;
    String slug = begun.replaceAll("-+$", "");
    if (slug.equals(name) && slug.length() <= SLUG_MAX) {
      return slug;
    }
    String cut = slug.substring(0, Math.min(slug.length(), SLUG_MAX - SUFFIX - 1));
    String hash = Digest.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hex();
    return cut.replaceAll("-+$", "") + "-" + hash.substring(0, SUFFIX);
  }

  private static String tier(String name) {
    if (DEVELOPMENT.matcher(name).find()) {
      return "development";
    }
    if (TESTING.matcher(name).find()) {
      return "testing";
    }
    if (STAGING.matcher(name).find()) {
      return "staging";
    }
    return PRODUCTION.matcher(name).find() ? "production" : "other";
  }

  /** As the runner knows it, who knows all variables. */
  EnvironmentUse with(String expandedName, Optional<String> expandedUrl) {
    return new EnvironmentUse(
        expandedName, slug, expandedUrl.or(() -> url), action, onStop, autoStopSeconds, tier);
  }
}
