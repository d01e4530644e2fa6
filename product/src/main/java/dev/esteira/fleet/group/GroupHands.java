package dev.esteira.fleet.group;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import dev.esteira.store.Hands;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Does what groups decide: launches, terminates, registers. Each act twice comes to the same. */
final class GroupHands implements Hands<GroupCommand> {
  private static final Logger LOG = System.getLogger(GroupHands.class.getName());

  private final Groups.Parts parts;
  private final Recipes recipes;
  private final Activities activities;
  private final Back back;

  /** Where hands report. */
  interface Back {
    void deliver(String group, GroupEvent event);

    void look(String instanceId);

    /** Whether a slot still waits for its instance. */
    boolean awaits(String group, long slot);

    void forget(String group);
  }

  GroupHands(Groups.Parts parts, Recipes recipes, Activities activities, Back back) {
    this.parts = parts;
    this.recipes = recipes;
    this.activities = activities;
    this.back = back;
  }

  @Override
  public String lane(GroupCommand command) {
    return switch (command) {
      case GroupCommand.Launch launch -> "slot-" + launch.slot();
      case GroupCommand.Terminate(String id, String _) -> id;
      case GroupCommand.Register(String id, String _) -> id;
      case GroupCommand.Deregister(String id, String _) -> id;
      case GroupCommand.MoveAddress(String from, String _) -> from;
      case GroupCommand.Mark mark -> mark.instanceId();
      case GroupCommand.Look _ -> "look";
      // The last notes are written before the group is forgotten.
      case GroupCommand.Note _, GroupCommand.Forget _ -> "note";
      case GroupCommand.Wake _ -> "";
    };
  }

  @Override
  public void carryOut(String group, GroupCommand command) {
    switch (command) {
      case GroupCommand.Launch launch -> launch(group, launch);
      case GroupCommand.Terminate(String id, String reason) ->
          ifThere(() -> parts.instances().terminate(id, reason));
      case GroupCommand.Register(String id, String arn) -> register(group, id, arn);
      case GroupCommand.Deregister(String id, String arn) -> {
        ifThere(() -> parts.targets().deregister(arn, id));
        back.look(id);
      }
      case GroupCommand.MoveAddress(String from, String to) ->
          ifThere(() -> parts.addresses().accept(from, to));
      case GroupCommand.Mark mark -> ifThere(() -> mark(mark));
      case GroupCommand.Look(String id) -> back.look(id);
      case GroupCommand.Note(Activity activity) -> activities.note(activity);
      case GroupCommand.Forget _ -> back.forget(group);
      case GroupCommand.Wake _ -> throw new IllegalStateException("timers are the host's");
    }
  }

  private void launch(String group, GroupCommand.Launch launch) {
    // Given again after it was told: a second launch would make an instance that nobody knows.
    if (!back.awaits(group, launch.slot())) {
      return;
    }
    GroupEvent event;
    try {
      Recipes.Recipe recipe = recipes.of(launch.source(), launch.subnet(), launch.zone());
      Map<String, String> tags = new TreeMap<>(recipe.tags());
      tags.putAll(launch.tags());
      Instances.Instance made =
          parts
              .instances()
              .launch(
                  new Instances.Launch(launch.token(), "group/" + group, recipe.template(), tags));
      event =
          new GroupEvent.Launched(
              launch.slot(),
              made.id(),
              made.network().zone(),
              made.template().instanceType(),
              recipe.with());
    } catch (EsteiraException e) {
      if (!isForGood(e.code())) {
        throw e;
      }
      event = new GroupEvent.LaunchFailed(launch.slot(), sentence(e.text()));
    }
    back.deliver(group, event);
  }

  /** Whether trying the same again at once is of no use. */
  private static boolean isForGood(ErrorCode code) {
    return switch (code) {
      case INVALID, NOT_FOUND, CONFLICT, LIMIT, FORBIDDEN, UNAUTHENTICATED, PREREQUISITE -> true;
      case UNAVAILABLE, INTERNAL -> false;
    };
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  /** Where there is no such target group, nothing will ever be told of the target's health. */
  private void register(String group, String id, String arn) {
    try {
      parts.targets().register(arn, id);
      back.look(id);
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      LOG.log(Level.WARNING, "not put into a target group: " + e.text());
      back.deliver(group, new GroupEvent.TargetSeen(id, arn, Optional.of(Targets.Health.UNUSED)));
    }
  }

  private void mark(GroupCommand.Mark mark) {
    if (mark.member()) {
      parts.instances().tag(mark.instanceId(), mark.tags(), List.of());
    } else {
      parts.instances().tag(mark.instanceId(), Map.of(), List.of("aws:autoscaling:groupName"));
    }
  }

  private static void ifThere(Runnable act) {
    try {
      act.run();
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      LOG.log(Level.INFO, "left undone: " + e.text());
    }
  }

  @Override
  public void gaveUp(String group, GroupCommand command, Exception cause) {
    LOG.log(Level.WARNING, "gave up " + command.getClass().getSimpleName() + " of " + group, cause);
    if (command instanceof GroupCommand.Launch launch) {
      back.deliver(
          group, new GroupEvent.LaunchFailed(launch.slot(), sentence("" + cause.getMessage())));
    }
  }

  /** What is known of a target, for those that look. */
  static GroupEvent.TargetSeen target(Targets targets, String arn, String instanceId) {
    return new GroupEvent.TargetSeen(
        instanceId, arn, targets.health(arn, instanceId).map(Targets.TargetHealth::health));
  }
}
