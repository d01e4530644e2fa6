package dev.esteira.cluster.control;

import dev.esteira.cluster.control.PodState.Exit;
import java.time.Instant;

/** What hands and probes tell a pod's machine. Events of an earlier attempt change nothing. */
sealed interface PodEvent {
  record SandboxUp(int attempt, String id, String address) implements PodEvent {}

  record SandboxFailed(int attempt, String message) implements PodEvent {}

  /** The holder is gone, with the pod's address. */
  record SandboxGone(int attempt) implements PodEvent {}

  /** The image is in the engine. {@code digest} is its manifest's, or empty. */
  record ImageReady(String container, int attempt, String imageId, String digest)
      implements PodEvent {}

  /** {@code again} is false when trying again cannot help: the name itself is wrong. */
  record ImageFailed(String container, int attempt, String reason, String message, boolean again)
      implements PodEvent {}

  record Started(String container, int attempt, String id, Instant at) implements PodEvent {}

  /** It could not be made or started; {@code configuration} when what it needs is missing. */
  record StartFailed(
      String container, int attempt, String reason, String message, boolean configuration)
      implements PodEvent {}

  record Exited(String container, int attempt, Exit exit) implements PodEvent {}

  /** The startup probe passed. */
  record StartupPassed(String container, int attempt) implements PodEvent {}

  record Readiness(String container, int attempt, boolean ready) implements PodEvent {}

  /** A liveness or startup probe failed as often as it may. */
  record Unhealthy(String container, int attempt, String why) implements PodEvent {}

  record Delete(int graceSeconds) implements PodEvent {}

  /** No service sends requests to the pod any more. */
  record Drained() implements PodEvent {}

  /** Nothing of the pod is left in the engine. */
  record Removed() implements PodEvent {}

  /** Time has passed. */
  record Tick() implements PodEvent {}

  /** An image appeared: what waits for a pull tries now. */
  record ImagesChanged() implements PodEvent {}
}
