package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code log} subresource of pods. */
final class LogReads {
  private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

  private final Reads reads;
  private final PodLogs logs;
  private final InstantSource clock;

  LogReads(Reads reads, PodLogs logs, InstantSource clock) {
    this.reads = reads;
    this.logs = logs;
    this.clock = clock;
  }

  void get(Request request) throws IOException, InterruptedException {
    ObjectNode pod = reads.require(request);
    PodLogs.Request wanted =
        new PodLogs.Request(
            Trees.namespace(pod),
            Trees.name(pod),
            container(request, pod),
            request.flag("follow"),
            request.flag("previous"),
            request.flag("timestamps"),
            request.number("tailLines"),
            since(request),
            request.number("limitBytes"));
    request.exchange().status(200).set("Content-Type", "text/plain");
    logs.write(wanted, new LazyOutput(request));
    if (!request.exchange().committed()) {
      request.exchange().out().flush();
    }
  }

  /** Opens the answer at its first byte, so that a failure before it can still be told. */
  private static final class LazyOutput extends OutputStream {
    private final Request request;

    LazyOutput(Request request) {
      this.request = request;
    }

    @Override
    public void write(int b) throws IOException {
      request.exchange().out().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      request.exchange().out().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      request.exchange().out().flush();
    }
  }

  private Optional<Instant> since(Request request) {
    try {
      return request
          .number("sinceSeconds")
          .map(s -> clock.instant().minusSeconds(s))
          .or(() -> request.query("sinceTime").map(Instant::parse));
    } catch (DateTimeParseException e) {
      throw ApiException.badRequest("sinceTime: Invalid value: " + e.getMessage());
    }
  }

  private static String container(Request request, ObjectNode pod) {
    List<String> names = new ArrayList<>();
    Trees.objects(pod, "spec", "containers").forEach(c -> names.add(Trees.text(c, "name")));
    List<String> all = new ArrayList<>(names);
    Trees.objects(pod, "spec", "initContainers").forEach(c -> all.add(Trees.text(c, "name")));
    Optional<String> wanted =
        request
            .query("container")
            .or(() -> Trees.optional(pod, "metadata", "annotations", DEFAULT_CONTAINER))
            .or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty());
    if (wanted.isEmpty()) {
      throw ApiException.badRequest(
          "a container name must be specified for pod "
              + Trees.name(pod)
              + ", choose one of: ["
              + String.join(" ", names)
              + "]");
    }
    if (!all.contains(wanted.get())) {
      throw ApiException.badRequest(
          "container " + wanted.get() + " is not valid for pod " + Trees.name(pod));
    }
    return wanted.get();
  }
}
