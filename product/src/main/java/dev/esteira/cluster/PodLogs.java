package dev.esteira.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;

/** Where the API server gets the output of containers from. */
@FunctionalInterface
public interface PodLogs {
  /**
   * What part of which output.
   *
   * @param container never empty: the API server has chosen it
   * @param follow goes on until the container has ended or the client has gone
   * @param previous the container before its last restart
   * @param timestamps each line starts with its RFC 3339 time and a space
   * @param tailLines only the last so many lines
   * @param since only lines from this instant on
   * @param bytesMax at most so many bytes
   */
  record Request(
      String namespace,
      String pod,
      String container,
      boolean follow,
      boolean previous,
      boolean timestamps,
      Optional<Long> tailLines,
      Optional<Instant> since,
      Optional<Long> bytesMax) {}

  /**
   * Writes the lines to {@code out}, each with its line feed, flushing after each that came live.
   * Returns at the end of the output. A container that has not started (or has no previous run) is
   * an {@link ApiException} thrown before the first byte; see {@link #waiting}.
   */
  void write(Request request, OutputStream out) throws IOException, InterruptedException;

  /** The failure for a container that has no output yet, in Kubernetes' words. */
  static ApiException waiting(String container, String pod, String reason) {
    return ApiException.badRequest(
        "container \"" + container + "\" in pod \"" + pod + "\" is waiting to start: " + reason);
  }

  /** The failure for a container without an earlier run, in Kubernetes' words. */
  static ApiException noPrevious(String container, String pod) {
    return ApiException.badRequest(
        "previous terminated container \"" + container + "\" in pod \"" + pod + "\" not found");
  }
}
