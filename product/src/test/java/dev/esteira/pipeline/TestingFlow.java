package dev.esteira.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes flows from what is unusual about them. */
final class TestingFlow {
  private Optional<List<Flow.Need>> needs = Optional.empty();
  private Flow.When when = Flow.When.ON_SUCCESS;
  private long startInSeconds;
  private Flow.AllowFailure allowFailure = Flow.AllowFailure.NEVER;
  private Flow.Retry retry = Flow.Retry.NEVER;
  private boolean interruptible;
  private Optional<String> resourceGroup = Optional.empty();
  private Optional<Flow.Environment> environment = Optional.empty();
  private Optional<Flow.Trigger> trigger = Optional.empty();

  TestingFlow needs(String... jobs) {
    needs = Optional.of(Stream.of(jobs).map(job -> new Flow.Need(job, true)).toList());
    return this;
  }

  TestingFlow when(Flow.When given) {
    when = given;
    return this;
  }

  TestingFlow delayed(long seconds) {
    when = Flow.When.DELAYED;
    startInSeconds = seconds;
    return this;
  }

  TestingFlow mayFail(boolean always, Set<Integer> exitCodes) {
    allowFailure = new Flow.AllowFailure(always, exitCodes);
    return this;
  }

  TestingFlow retry(int max, Set<String> reasons, Set<Integer> exitCodes) {
    retry = new Flow.Retry(max, reasons, exitCodes);
    return this;
  }

  TestingFlow interruptible() {
    interruptible = true;
    return this;
  }

  TestingFlow group(String name) {
    resourceGroup = Optional.of(name);
    return this;
  }

  TestingFlow environment(Flow.Environment given) {
    environment = Optional.of(given);
    return this;
  }

  TestingFlow trigger(Flow.Trigger given) {
    trigger = Optional.of(given);
    return this;
  }

  Flow made() {
    return new Flow(
        needs,
        Optional.empty(),
        when,
        startInSeconds,
        allowFailure,
        retry,
        interruptible,
        resourceGroup,
        environment,
        trigger,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
