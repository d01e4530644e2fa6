package dev.esteira.fleet.group;

import dev.esteira.base.Awaiting;
import dev.esteira.fleet.TestingInstances;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Groups over the ledger, with their real hands and lookout, and instances that are values. */
abstract class GroupsHouse {
  static final long WAIT_MILLIS = 20_000;
  static final String ARN = "arn:tg/1";

  final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  final Ledger ledger = new TestingLedger();
  final TestingInstances instances = new TestingInstances(now::get);
  final TestingTargets targets = new TestingTargets();
  Groups groups = groups();

  final Groups groups() {
    return new Groups(
        new Groups.Parts(
            ledger,
            instances,
            targets,
            instances::moveAddress,
            id -> OptionalDouble.empty(),
            now::get));
  }

  @BeforeEach
  void start() {
    groups
        .launchConfigurations()
        .create(
            new LaunchConfigurations.Configuration(
                "lc",
                "1",
                "ami-1",
                "t3.micro",
                "",
                List.of(),
                "",
                "",
                false,
                Optional.empty(),
                true,
                now.get()));
    groups.start();
  }

  @AfterEach
  void close() {
    groups.close();
    ledger.close();
  }

  static GroupSettings settings(int min, int max, List<String> targets, GroupTag... tags) {
    return new GroupSettings(
        "web",
        min,
        max,
        new LaunchSource.Configuration("lc"),
        List.of(),
        List.of("us-east-1a", "us-east-1b"),
        targets,
        !targets.isEmpty(),
        0,
        300,
        Optional.empty(),
        0,
        List.of(tags),
        List.of(),
        false,
        Map.of());
  }

  final GroupState await(Predicate<GroupState> wanted) throws InterruptedException {
    return Awaiting.until(() -> groups.group("web").orElseThrow(), wanted);
  }

  static List<String> serving(GroupState state) {
    return state.members().stream()
        .filter(m -> m.lifecycle() == Lifecycle.IN_SERVICE)
        .map(Member::id)
        .toList();
  }

  final GroupState serving(int count) throws InterruptedException {
    return await(state -> serving(state).size() == count && state.members().size() == count);
  }
}
