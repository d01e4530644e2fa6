package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Members that people take out of a group and put into it. */
final class Joining {
  private final Draft draft;

  Joining(Draft draft) {
    this.draft = draft;
  }

  void terminate(String id, boolean decrement) {
    Member member =
        draft
            .member(id)
            .orElseThrow(() ->
                EsteiraException.invalid(
                    "Instance Id not found - No managed instance found for instance ID " + id));
    if (member.lifecycle().terminating()) {
      return;
    }
    if (decrement) {
      lower(1);
    }
    String why =
        "%s instance %s was taken out of service in response to a user request%s."
            .formatted(
                draft.at(),
                id,
                decrement
                    ? ", shrinking the capacity from %d to %d"
                        .formatted(draft.desired + 1, draft.desired)
                    : "");
    Passages.terminate(draft, member, why);
  }

  /** Decreases the wish; refused below the minimum. */
  private void lower(int by) {
    int desired = draft.desired - by;
    if (desired < draft.settings.min()) {
      throw EsteiraException.invalid(
          ("Currently, desiredSize equals minSize (%d). Terminating instance without replacement"
                  + " will violate group's min size constraint. Either set"
                  + " shouldDecrementDesiredCapacity flag to false or lower group's min size.")
              .formatted(draft.settings.min()));
    }
    draft.desired = desired;
  }

  void replaceFirst(String id) {
    Member member = draft.required(id);
    boolean can =
        draft.settings.replaceFirst()
            && member.lifecycle() == Lifecycle.IN_SERVICE
            && member.health().healthy()
            && !draft.settings.rests("Launch");
    if (!can) {
      throw EsteiraException.conflict("instance " + id + " is not replaced before it ends");
    }
    if (member.outgoing().isEmpty()) {
      draft.put(member.leaving(Optional.of(new Member.Outgoing(asked(id), true))));
    }
  }

  private static String asked(String id) {
    return "instance " + id + " was terminated by a user request, after its replacement was ready.";
  }

  /** The option was switched off: those that wait for a replacement go now. */
  void letGo() {
    for (Member member : draft.members()) {
      if (member.outgoing().filter(Member.Outgoing::address).isPresent()) {
        Passages.terminate(
            draft, member, draft.at() + " instance " + member.id() + " was terminated by a user.");
      }
    }
  }

  void enterStandby(GroupRequest.EnterStandby request) {
    List<Member> members = inState(request.instanceIds(), Lifecycle.IN_SERVICE);
    if (request.decrement()) {
      lower(members.size());
    }
    for (Member member : members) {
      draft.note(
          draft
              .begin(
                  "Moving EC2 instance to Standby: " + member.id(),
                  "%s instance %s was moved to standby in response to a user request%s."
                      .formatted(draft.at(), member.id(), shrinking(request.decrement())),
                  "InProgress",
                  Terms.details(member.made()))
              .ended(draft.now, "Successful", ""));
      Passages.leaveTargets(draft, member);
      draft.put(member.now(Lifecycle.STANDBY, draft.now).in(Map.of()).leaving(Optional.empty()));
    }
  }

  private String shrinking(boolean decrement) {
    return decrement
        ? ", shrinking the capacity from %d to %d".formatted(draft.desired + 1, draft.desired)
        : "";
  }

  void exitStandby(List<String> ids) {
    List<Member> members = inState(ids, Lifecycle.STANDBY);
    int desired = draft.desired + members.size();
    if (desired > draft.settings.max()) {
      throw EsteiraException.invalid(
          "AutoScalingGroup %s has max-size=%d and desired capacity %d: %d more do not fit"
              .formatted(
                  draft.settings.name(), draft.settings.max(), draft.desired, members.size()));
    }
    for (Member member : members) {
      draft.note(
          draft
              .begin(
                  "Moving EC2 instance out of Standby: " + member.id(),
                  ("%s instance %s was moved out of standby in response to a user request, "
                          + "increasing the capacity from %d to %d.")
                      .formatted(draft.at(), member.id(), draft.desired, draft.desired + 1),
                  "InProgress",
                  Terms.details(member.made()))
              .ended(draft.now, "Successful", ""));
      draft.desired++;
      Passages.enter(draft, member);
    }
  }

  void detach(GroupRequest.Detach request) {
    List<Member> members = request.instanceIds().stream().map(draft::required).toList();
    for (Member member : members) {
      if (member.lifecycle() != Lifecycle.IN_SERVICE && member.lifecycle() != Lifecycle.STANDBY) {
        throw EsteiraException.invalid(
            "The instance %s is not in InService or Standby.".formatted(member.id()));
      }
    }
    if (request.decrement()) {
      lower((int) members.stream().filter(m -> m.lifecycle() == Lifecycle.IN_SERVICE).count());
    }
    for (Member member : members) {
      draft.note(
          draft
              .begin(
                  "Detaching EC2 instance: " + member.id(),
                  "%s instance %s was detached in response to a user request%s."
                      .formatted(draft.at(), member.id(), shrinking(request.decrement())),
                  "InProgress",
                  Terms.details(member.made()))
              .ended(draft.now, "Successful", ""));
      Passages.leaveTargets(draft, member);
      draft.command(new GroupCommand.Mark(member.id(), Map.of(), false));
      draft.remove(member);
    }
  }

  void attach(GroupRequest.Attach request) {
    int desired = draft.desired + request.instances().size();
    if (desired > draft.settings.max()) {
      throw EsteiraException.invalid(
          "AutoScalingGroup '%s' has max-size=%d: attaching %d instances would make it %d"
              .formatted(
                  draft.settings.name(),
                  draft.settings.max(),
                  request.instances().size(),
                  desired));
    }
    for (GroupRequest.Attach.Joining each : request.instances()) {
      if (draft.member(each.instanceId()).isPresent()) {
        throw EsteiraException.invalid(
            "Instance " + each.instanceId() + " is already part of this AutoScalingGroup");
      }
      draft.desired++;
      draft.command(new GroupCommand.Mark(each.instanceId(), draft.settings.instanceTags(), true));
      join(each);
    }
  }

  private void join(GroupRequest.Attach.Joining each) {
    Member.Made made =
        new Member.Made(LaunchedWith.UNKNOWN, "", each.zone(), each.instanceType(), draft.now);
    Activity activity =
        draft.begin(
            "Attaching an existing EC2 instance: " + each.instanceId(),
            ("%s an instance was attached in response to a user request, increasing the "
                    + "capacity from %d to %d.")
                .formatted(draft.at(), draft.desired - 1, draft.desired),
            "InProgress",
            Terms.details(made));
    draft.put(
        new Member(
            draft.takeSlot(),
            Optional.of(each.instanceId()),
            Lifecycle.PENDING,
            draft.now,
            made,
            Member.Health.UNKNOWN,
            false,
            List.of(),
            Map.of(),
            Optional.of(activity),
            Optional.empty()));
    draft.command(new GroupCommand.Look(each.instanceId()));
  }

  private List<Member> inState(List<String> ids, Lifecycle state) {
    List<Member> members = ids.stream().map(draft::required).toList();
    for (Member member : members) {
      if (member.lifecycle() != state) {
        throw EsteiraException.invalid(
            "The instance %s is not in %s.".formatted(member.id(), state.word()));
      }
    }
    return members;
  }
}
