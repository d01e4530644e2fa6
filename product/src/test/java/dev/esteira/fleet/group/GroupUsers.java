package dev.esteira.fleet.group;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What people ask of a group, at random and often nonsense, and do to its machines themselves. */
final class GroupUsers {
  private final Random random;
  private final GroupWorld world;
  private final Supplier<GroupState> group;
  private final Consumer<GroupRequest> ask;
  private int refreshes;

  GroupUsers(
      Random random, GroupWorld world, Supplier<GroupState> group, Consumer<GroupRequest> ask) {
    this.random = random;
    this.world = world;
    this.group = group;
    this.ask = ask;
  }

  private void ask(GroupRequest request) {
    ask.accept(request);
  }

  /** A member that has an instance. */
  Optional<Member> any() {
    List<Member> members =
        group.get().members().stream().filter(m -> m.instanceId().isPresent()).toList();
    return members.isEmpty()
        ? Optional.empty()
        : Optional.of(members.get(random.nextInt(members.size())));
  }

  /** Asks for something. */
  void request() {
    int min = group.get().settings().min();
    String id = any().map(Member::id).orElse("i-none");
    switch (random.nextInt(18)) {
      case 0, 1 -> ask(new GroupRequest.SetDesired(random.nextInt(7), false));
      case 2 -> {
        int most = min + random.nextInt(5);
        ask(
            new GroupRequest.Update(
                GroupChange.size(
                    Optional.of(random.nextInt(most + 1)), Optional.of(most), Optional.empty())));
      }
      case 3 -> ask(new GroupRequest.TerminateInstance(id, random.nextBoolean()));
      case 4, 5 -> userTerminates(id);
      case 6 -> ask(new GroupRequest.EnterStandby(List.of(id), random.nextBoolean()));
      case 7 -> ask(new GroupRequest.ExitStandby(List.of(id)));
      case 8 -> detach(id);
      case 9 -> ask(new GroupRequest.SetHealth(id, false, false));
      case 10 -> ask(new GroupRequest.Protect(List.of(id), random.nextBoolean()));
      case 11, 12 ->
          ask(new GroupRequest.StartRefresh("r" + refreshes++, wish(), Optional.empty()));
      case 13 -> ask(new GroupRequest.CancelRefresh());
      case 14 ->
          ask(
              new GroupRequest.PutHook(
                  new Hook("h" + random.nextInt(2), random.nextBoolean(), 60, true, "", "", "")));
      case 15 ->
          ask(
              new GroupRequest.CompleteHook(
                  "h" + random.nextInt(2),
                  Optional.empty(),
                  Optional.of(id),
                  random.nextBoolean()));
      case 16 -> ask(new GroupRequest.Suspend(List.of(process())));
      default -> ask(new GroupRequest.Resume(List.of()));
    }
  }

  private String process() {
    return Requests.PROCESSES.get(random.nextInt(Requests.PROCESSES.size()));
  }

  private Refresh.Preferences wish() {
    return new Refresh.Preferences(
        random.nextInt(3) * 50,
        100 + random.nextInt(2) * 50,
        Optional.of(random.nextInt(30)),
        false,
        false,
        random.nextInt(4) == 0 ? List.of(50) : List.of(),
        30,
        "Refresh",
        "Wait");
  }

  private void userTerminates(String id) {
    if (group.get().settings().replaceFirst()) {
      if (world.addressAt.isEmpty() && world.machines.containsKey(id)) {
        world.addressAt = Optional.of(id);
      }
      ask(new GroupRequest.ReplaceFirst(id));
    } else {
      Optional.ofNullable(world.machines.get(id)).ifPresent(m -> m.ending = true);
    }
  }

  private void detach(String id) {
    world.users.add(id);
    ask(new GroupRequest.Detach(List.of(id), random.nextBoolean()));
    if (group.get().member(id).isPresent()) {
      world.users.remove(id);
    }
  }

  /** What people switched off is on again, and hooks are gone. */
  void calm() {
    ask(new GroupRequest.Resume(List.of()));
    group.get().hooks().forEach(hook -> ask(new GroupRequest.DeleteHook(hook.name())));
    group.get().members().stream()
        .flatMap(m -> m.instanceId().stream())
        .forEach(id -> ask(new GroupRequest.Protect(List.of(id), false)));
    List<String> ids =
        group.get().members().stream()
            .filter(m -> m.lifecycle() == Lifecycle.STANDBY)
            .map(Member::id)
            .toList();
    world.users.addAll(ids);
    ask(new GroupRequest.Detach(ids, false));
  }
}
