package dev.esteira.fleet.group;

/**
 * What a group does next, decided from what it is: members go on, the unhealthy go, the replaced
 * leave, and the number is made right. Nothing here remembers: the same state decides the same.
 */
final class Course {
  private final Draft draft;

  Course(Draft draft) {
    this.draft = draft;
  }

  void run() {
    Hooks.expire(draft);
    Schedules.run(draft);
    Passages.run(draft);
    Health.run(draft);
    Refreshing.run(draft);
    Balance.run(draft);
    Capacity.run(draft);
    Passages.run(draft);
    if (draft.deleting && draft.members().isEmpty()) {
      draft.command(new GroupCommand.Forget());
    }
  }
}
