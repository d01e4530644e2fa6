package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Members that wait for lifecycle hooks. */
final class Hooks {
  static final int HOOKS_MAX = 50;

  private Hooks() {}

  /** The member with its waits for all hooks of this way; without any when there is no hook. */
  static Member begin(Draft draft, Member member, boolean launching) {
    List<Hook.Wait> waits = new ArrayList<>();
    for (Hook hook : draft.hooks) {
      if (hook.launching() == launching) {
        String name = draft.token(member.slot()) + "/" + launching + "/" + hook.name();
        Instant due = draft.now.plus(Duration.ofSeconds(hook.heartbeatSeconds()));
        draft.wakeAt(due);
        waits.add(
            new Hook.Wait(
                hook.name(),
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString(),
                hook.proceed(),
                due,
                draft.now.plus(Duration.ofSeconds(hook.globalSeconds()))));
      }
    }
    return member.waiting(waits);
  }

  /** Nobody said a word in time: the hook's default result stands. */
  static void expire(Draft draft) {
    for (Member member : draft.members()) {
      for (Hook.Wait wait : member.waits()) {
        if (draft.due(wait.due())) {
          settle(draft, member.slot(), wait, wait.proceed());
        }
      }
    }
  }

  static void complete(Draft draft, GroupRequest.CompleteHook request) {
    Member member = waiting(draft, request.hook(), request.token(), request.instanceId());
    settle(draft, member.slot(), wait(member, request.hook()), request.go());
  }

  static void heartbeat(Draft draft, GroupRequest.Heartbeat request) {
    Member member = waiting(draft, request.hook(), request.token(), request.instanceId());
    Hook.Wait wait = wait(member, request.hook());
    int seconds =
        draft.hooks.stream()
            .filter(hook -> hook.name().equals(request.hook()))
            .mapToInt(Hook::heartbeatSeconds)
            .findFirst()
            .orElse(Hook.HEARTBEAT_SECONDS_MAX);
    Instant due = draft.now.plus(Duration.ofSeconds(seconds));
    Instant until = due.isAfter(wait.last()) ? wait.last() : due;
    List<Hook.Wait> waits = new ArrayList<>(member.waits());
    waits.replaceAll(each ->
        each.hook().equals(wait.hook())
            ? new Hook.Wait(each.hook(), each.token(), each.proceed(), until, each.last())
            : each);
    draft.put(member.waiting(waits));
    draft.wakeAt(until);
  }

  private static void settle(Draft draft, long slot, Hook.Wait wait, boolean go) {
    Optional<Member> there = draft.slot(slot);
    if (there.isEmpty() || !there.get().waits().contains(wait)) {
      return;
    }
    Member member = there.get();
    if (!go && member.lifecycle() == Lifecycle.PENDING_WAIT) {
      Passages.giveUp(
          draft,
          member,
          "Instance failed to complete user's Lifecycle Action: Lifecycle Action"
              + " with token "
              + wait.token()
              + " was abandoned: hook '"
              + wait.hook()
              + "'");
      return;
    }
    // An abandoned way out ends at once; a word to continue waits for the other hooks.
    List<Hook.Wait> rest = new ArrayList<>(member.waits());
    rest.remove(wait);
    draft.put(member.waiting(go ? rest : List.of()));
  }

  private static Member waiting(
      Draft draft, String hook, Optional<String> token, Optional<String> instanceId) {
    if (draft.hooks.stream().noneMatch(each -> each.name().equals(hook))) {
      throw EsteiraException.invalid(
          "No Lifecycle Hook found with name '%s' in group '%s'"
              .formatted(hook, draft.settings.name()));
    }
    return draft.members().stream()
        .filter(m -> instanceId.map(m.id()::equals).orElse(true))
        .filter(m ->
            m.waits().stream()
                .anyMatch(w -> w.hook().equals(hook) && token.map(w.token()::equals).orElse(true)))
        .filter(m -> token.isPresent() || instanceId.isPresent())
        .findFirst()
        .orElseThrow(() ->
            EsteiraException.invalid(
                "No active Lifecycle Action found with "
                    + (token.isPresent()
                        ? "token " + token.get()
                        : "instance ID " + instanceId.orElse(""))));
  }

  private static Hook.Wait wait(Member member, String hook) {
    return member.waits().stream().filter(w -> w.hook().equals(hook)).findFirst().orElseThrow();
  }
}
