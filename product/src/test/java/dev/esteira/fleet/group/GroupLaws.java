package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.edge.elb.Targets.Health;
import dev.esteira.fleet.Instances;
import java.time.Instant;

/** What always holds of a group and its machines, and what holds in the end. */
final class GroupLaws {
  private final GroupWorld world;

  GroupLaws(GroupWorld world) {
    this.world = world;
  }

  /** A group in one line. */
  static String shown(GroupState state) {
    StringBuilder text = new StringBuilder("desired " + state.desired() + " [");
    for (Member m : state.members()) {
      text.append(m.slot()).append('=').append(m.id()).append(' ').append(m.lifecycle());
      text.append(m.outgoing().isPresent() ? " leaving, " : ", ");
    }
    return text.append(']').toString();
  }

  /**
   * Holds after every step.
   *
   * @param unfinished machines whose end is decided but not yet carried out, or that were decided
   *     against
   */
  void check(GroupState after, Instant now, long unfinished) {
    checkMembers(after, now);
    checkMachines(after, unfinished);
  }

  private static void checkMembers(GroupState after, Instant now) {
    GroupSettings settings = after.settings();
    long stays = after.members().stream().filter(Member::stays).count();
    long coming =
        after.members().stream().filter(m -> m.lifecycle() == Lifecycle.REQUESTED).count();
    assertTrue(
        stays <= settings.max() + firm(after) + coming || after.deleting(),
        "more than max: " + shown(after));
    assertTrue(after.desired() <= settings.max() || after.deleting(), "desired above max");
    Instant launchAfter = after.book().launchAfter().orElse(Instant.MIN);
    boolean mayLaunch = !settings.rests("Launch") && !after.deleting();
    if (mayLaunch && !launchAfter.isAfter(now)) {
      assertTrue(stays >= settings.min(), "below min, and nothing is launched: " + shown(after));
    }
  }

  /** Members that stay and that nobody may end. */
  private static long firm(GroupState after) {
    boolean held = after.settings().rests("Terminate");
    return after.members().stream()
        .filter(m -> m.stays() && (m.protectedFromScaleIn() || held))
        .count();
  }

  private void checkMachines(GroupState after, long unfinished) {
    long serving =
        world.machines.values().stream()
            .filter(m -> m.alive() && !m.ending && m.ours && !world.users.contains(m.id))
            .filter(m -> after.member(m.id).map(x -> x.lifecycle().counts()).orElse(true))
            .count();
    long leaving = after.members().stream().filter(m -> m.outgoing().isPresent()).count();
    long standing =
        after.members().stream().filter(m -> m.lifecycle() == Lifecycle.STANDBY).count();
    long most = after.settings().max() + leaving + standing + firm(after) + unfinished;
    assertTrue(
        serving <= most || after.deleting(), serving + " machines, more than max: " + shown(after));
  }

  /** The group is what was wished for, once nothing is left to carry out. */
  boolean whole(GroupState group) {
    return group.members().size() == group.desired()
        && group.refreshes().stream().noneMatch(refresh -> refresh.status().open())
        && group.members().stream()
            .allMatch(m ->
                m.lifecycle() == Lifecycle.IN_SERVICE
                    && m.outgoing().isEmpty()
                    && alive(m.id())
                    && !world.targets.containsValue(Health.DRAINING));
  }

  private boolean alive(String id) {
    GroupWorld.Machine it = world.machines.get(id);
    return it.state == Instances.State.RUNNING && it.healthy && !it.ending;
  }

  /** As many machines as are wished for, and no target too many. */
  void checkServing(GroupState group) {
    long alive =
        world.machines.values().stream()
            .filter(m -> m.alive() && !m.ending && !world.users.contains(m.id))
            .count();
    assertEquals(group.desired(), alive, "leaked or lost machines: " + shown(group));
    int known = group.members().stream().mapToInt(m -> m.targets().size()).sum();
    assertEquals(known, world.targets.size(), "targets left: " + world.targets);
  }

  void checkNothingLeft() {
    assertTrue(
        world.machines.values().stream()
            .allMatch(m -> !m.alive() || m.ending || world.users.contains(m.id)),
        "a machine outlives its group");
  }
}
