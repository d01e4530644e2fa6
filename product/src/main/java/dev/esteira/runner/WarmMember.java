package dev.esteira.runner;

import dev.esteira.base.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sandbox that was made before its job is known. It is recorded before anything of it exists, and
 * once more when it waits for a job.
 *
 * @param id random, in all its names
 * @param image the image that it was made from
 * @param container the engine's id; empty while it is being made
 * @param pid its first process, as the host sees it; 0 while it is being made
 */
record WarmMember(String id, String image, String container, long pid) {
  static final String KIND = "sandbox.warm";

  private static final String DIRECTORY = "warm";

  static WarmMember planned(String id, String image) {
    return new WarmMember(id, image, "", 0);
  }

  WarmMember waiting(String containerId, long processId) {
    return new WarmMember(id, image, containerId, processId);
  }

  /** Who its bridge belongs to until a job takes it. */
  String owner() {
    return "warm/" + id;
  }

  /** Its container's name, which stays when a job takes it. */
  String name(Home home) {
    return "esteira-" + home.id() + "-warm-" + id;
  }

  Path directory(Home home) {
    return home.job(DIRECTORY).resolve(id);
  }

  Path control(Home home) {
    return directory(home).resolve("control");
  }

  /**
   * Whether it waits for a job. Asks the kernel, not the engine, which may be away. The number of a
   * process may be used again, but not in a control group of this container.
   */
  boolean isWaiting(Home home) {
    return pid > 0 && Files.exists(control(home).resolve("waits")) && isAlive();
  }

  private boolean isAlive() {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cgroup")).contains(container);
    } catch (IOException e) {
      // A process that is gone has no such file.
      return false;
    }
  }

  /** The container that an attempt runs in: one taken over, or one of its own. */
  static String container(Home home, Attempt attempt, Optional<WarmMember> taken) {
    return taken.map(member -> member.name(home)).orElseGet(() -> attempt.container(home));
  }
}
