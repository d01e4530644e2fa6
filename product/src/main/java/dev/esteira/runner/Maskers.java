package dev.esteira.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The masker of a job's log: of the secrets that the job began with, and of those that it has been
 * handed since. One thread.
 */
final class Maskers implements Supplier<Masker> {
  private final Parts parts;
  private final Attempt attempt;
  private final List<String> secrets;
  private Set<String> handed = Set.of();
  private Masker masker;

  Maskers(Parts parts, Attempt attempt, List<String> secrets) {
    this.parts = parts;
    this.attempt = attempt;
    this.secrets = List.copyOf(secrets);
    this.masker = new Masker(secrets);
  }

  @Override
  public Masker get() {
    Set<String> now = parts.access().handed(attempt.owner());
    if (now.size() != handed.size()) {
      handed = now;
      List<String> all = new ArrayList<>(secrets);
      all.addAll(now);
      masker = new Masker(all);
    }
    return masker;
  }
}
