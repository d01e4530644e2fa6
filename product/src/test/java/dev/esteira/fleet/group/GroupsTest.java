package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Groups over the ledger, with their real hands and lookout, and instances that are values. */
class GroupsTest extends GroupsHouse {
  @Test
  void keepsItsSizeWhenAMemberIsTerminatedByAPerson() throws InterruptedException {
    groups.create(settings(1, 2, List.of()), 1, List.of());
    String first = serving(serving(1)).getFirst();

    instances.userTerminates(first);

    GroupState after = await(state -> !serving(state).isEmpty() && !serving(state).contains(first));
    assertEquals(1, serving(after).size());
    assertTrue(groups.awaitIdle(WAIT_MILLIS));
    List<Activity> activities = groups.activities("web");
    assertTrue(
        activities.stream()
            .anyMatch(a ->
                a.description().equals("Terminating EC2 instance: " + first)
                    && a.statusCode().equals("Successful")
                    && a.cause()
                        .endsWith(
                            "an instance was taken out of service in response to an EC2 health"
                                + " check indicating it has been terminated or stopped.")),
        activities.toString());
    assertTrue(
        activities.stream()
            .anyMatch(a ->
                a.cause()
                    .endsWith(
                        "an instance was launched in response to an unhealthy instance needing to"
                            + " be replaced.")),
        activities.toString());
  }

  @Test
  void aBrokenInitIsReplacedAndAFailingImageIsTriedAgainLater() throws InterruptedException {
    groups.create(settings(1, 1, List.of()), 1, List.of());
    String first = serving(serving(1)).getFirst();
    instances.failWith(Optional.of(EsteiraException.limit("the subnet is full")));

    instances.breakInit(first);

    await(state -> state.members().isEmpty() && state.book().failures() > 0);
    assertTrue(groups.awaitIdle(WAIT_MILLIS));
    // At one instant of this clock more than one thing may have begun
    Activity failed =
        groups.activities("web").stream()
            .filter(activity -> activity.statusCode().equals("Failed"))
            .findFirst()
            .orElseThrow();
    assertEquals("the subnet is full. Launching EC2 instance failed.", failed.statusMessage());
    instances.failWith(Optional.empty());
    now.updateAndGet(instant -> instant.plusSeconds(600));
    assertEquals(1, serving(serving(1)).size());
  }

  @Test
  void spreadsOverZonesAndShrinksByPolicy() throws InterruptedException {
    groups.create(settings(0, 4, List.of()), 4, List.of());
    GroupState four = serving(4);
    assertEquals(
        2, four.members().stream().filter(m -> m.made().zone().equals("us-east-1a")).count());

    groups.ask("web", new GroupRequest.SetDesired(1, false));

    assertEquals(1, serving(serving(1)).size());
    EsteiraException tooMany =
        assertThrows(
            EsteiraException.class, () -> groups.ask("web", new GroupRequest.SetDesired(5, false)));
    assertEquals(
        "New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup.",
        tooMany.text());
  }

  @Test
  void anUnhealthyTargetIsReplaced() throws InterruptedException {
    groups.create(settings(1, 1, List.of(ARN)), 1, List.of());
    String first = serving(serving(1)).getFirst();
    await(
        state -> state.member(first).orElseThrow().targets().containsValue(Targets.Health.HEALTHY));

    targets.find(ARN, first, Targets.Health.UNHEALTHY);

    GroupState after = await(state -> !serving(state).isEmpty() && !serving(state).contains(first));
    String second = serving(after).getFirst();
    await(state -> targets.of(ARN).equals(List.of(second)));
    assertTrue(groups.awaitIdle(WAIT_MILLIS));
    assertTrue(
        groups.activities("web").stream().anyMatch(a -> a.cause().endsWith(Terms.ELB_CAUSE)));
  }

  @Test
  void replacesFirstWhenToldTo() throws InterruptedException {
    groups.create(
        settings(1, 1, List.of(ARN), new GroupTag(GroupTag.TERMINATE, "replace-first", false)),
        1,
        List.of());
    String first = serving(serving(1)).getFirst();
    instances.address(first, Optional.of("10.77.3.3"));
    instances.slow(true);

    instances.userTerminates(first);

    GroupState both = await(state -> state.members().size() == 2);
    assertEquals(List.of(first), serving(both));
    assertEquals(Instances.State.RUNNING, instances.instance(first).orElseThrow().state());
    String second =
        await(state -> state.members().getLast().instanceId().isPresent()).members().getLast().id();
    instances.run(second);
    await(state -> serving(state).equals(List.of(second)) && state.members().size() == 1);
    assertEquals(
        Optional.of("10.77.3.3"), instances.instance(second).orElseThrow().publicAddress());
    assertEquals(List.of(second), targets.of(ARN));
    assertEquals(Instances.State.TERMINATED, instances.instance(first).orElseThrow().state());
  }

  @Test
  void goesOnAfterARestart() throws InterruptedException {
    groups.create(settings(1, 1, List.of()), 1, List.of());
    String first = serving(serving(1)).getFirst();
    groups.close();
    instances.terminate(first, "Client.UserInitiatedShutdown: while nobody looked");
    groups = groups();
    groups.start();

    GroupState after = await(state -> !serving(state).isEmpty() && !serving(state).contains(first));

    assertEquals(1, serving(after).size());
  }

  @Test
  void hooksHoldMembersUntilTheWordOrTheTime() throws InterruptedException {
    groups.create(
        settings(1, 1, List.of()),
        1,
        List.of(
            new Hook("boot", true, 60, false, "", "", ""),
            new Hook("bye", false, 60, true, "", "", "")));
    String id =
        await(state ->
                state.members().stream().anyMatch(m -> m.lifecycle() == Lifecycle.PENDING_WAIT))
            .members()
            .getFirst()
            .id();
    groups.ask(
        "web", new GroupRequest.CompleteHook("boot", Optional.empty(), Optional.of(id), true));
    assertEquals(List.of(id), serving(serving(1)));

    groups.ask("web", new GroupRequest.TerminateInstance(id, false));
    await(state ->
        state.member(id).map(Member::lifecycle).equals(Optional.of(Lifecycle.TERMINATING_WAIT)));
    assertEquals(Instances.State.RUNNING, instances.instance(id).orElseThrow().state());
    now.updateAndGet(instant -> instant.plusSeconds(61));
    await(state -> state.member(id).isEmpty());
    assertEquals(Instances.State.TERMINATED, instances.instance(id).orElseThrow().state());
  }

  @Test
  void standbyAndDetachedMembersDoNotCount() throws InterruptedException {
    groups.create(settings(0, 3, List.of(ARN)), 2, List.of());
    List<String> two = serving(serving(2));
    await(state -> targets.of(ARN).size() == 2);

    groups.ask("web", new GroupRequest.EnterStandby(List.of(two.getFirst()), true));
    await(state -> targets.of(ARN).equals(List.of(two.getLast())));
    groups.ask("web", new GroupRequest.ExitStandby(List.of(two.getFirst())));
    assertEquals(2, groups.group("web").orElseThrow().desired());
    await(state -> targets.of(ARN).size() == 2);
    groups.ask("web", new GroupRequest.Detach(List.of(two.getFirst()), true));

    assertEquals(List.of(two.getLast()), serving(groups.group("web").orElseThrow()));
    await(state -> targets.of(ARN).equals(List.of(two.getLast())));
    assertTrue(groups.awaitIdle(WAIT_MILLIS));
    assertEquals(Instances.State.RUNNING, instances.instance(two.getFirst()).orElseThrow().state());
    assertFalse(instances.instance(two.getFirst()).orElseThrow().tags().containsKey(Groups.TAG));
  }

  @Test
  void aGroupWithMembersIsDeletedByForceAloneAndLeavesNothing() throws InterruptedException {
    groups.create(settings(1, 1, List.of(ARN)), 1, List.of());
    serving(1);
    EsteiraException inUse =
        assertThrows(
            EsteiraException.class, () -> groups.ask("web", new GroupRequest.Delete(false)));
    assertEquals(ErrorCode.CONFLICT, inUse.code());

    groups.ask("web", new GroupRequest.Delete(true));

    Awaiting.until(() -> groups.group("web").isEmpty());
    assertEquals(Optional.empty(), groups.group("web"));
    assertTrue(instances.all().stream().allMatch(i -> i.state() == Instances.State.TERMINATED));
    assertEquals(List.of(), targets.of(ARN));
    assertEquals(2, groups.activities("web").size());
  }
}
