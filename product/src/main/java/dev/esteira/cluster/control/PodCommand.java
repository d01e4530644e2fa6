package dev.esteira.cluster.control;

import java.time.Instant;

/**
 * What a pod's machine asks of hands. Every command follows from the state alone, so after a
 * restart the outstanding ones are simply asked again; hands find what is done already.
 */
sealed interface PodCommand {
  /** Make the holder; answers SandboxUp or SandboxFailed. */
  record MakeSandbox(int attempt) implements PodCommand {}

  /** Tell SandboxGone when the holder ends. */
  record WatchSandbox(int attempt, String id) implements PodCommand {}

  /** Remove the holder of an ended pod, which keeps its containers for their logs. */
  record RemoveSandbox(int attempt) implements PodCommand {}

  /** Bring the image into the engine; answers ImageReady or ImageFailed. */
  record EnsureImage(String container, int attempt, int tries) implements PodCommand {}

  /** Make and start the container; answers Started or StartFailed. */
  record Run(String container, int attempt, String imageId, String sandboxId)
      implements PodCommand {}

  /** Tell Exited when it ends, and probe it. */
  record Watch(String container, int attempt, String id) implements PodCommand {}

  /** Stop it: preStop, SIGTERM, SIGKILL after the grace; the watch tells Exited. */
  record Stop(String container, int attempt, String id, int graceSeconds) implements PodCommand {}

  /** Take the pod out of its services; answers Drained. */
  record Drain(int graceMillis) implements PodCommand {}

  /** Remove all of the pod from the engine and its files; answers Removed. */
  record Remove() implements PodCommand {}

  /** Delete the pod's object and its state. */
  record Forget() implements PodCommand {}

  /** Tell Tick then. */
  record WakeAt(Instant at) implements PodCommand {}
}
