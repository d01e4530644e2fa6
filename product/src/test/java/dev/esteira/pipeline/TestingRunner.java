package dev.esteira.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A runner that does nothing by itself: the test tells what the sandbox does. */
final class TestingRunner implements JobRunner {
  final Map<String, Assignment> started = new ConcurrentHashMap<>();
  final List<String> calls = new ArrayList<>();
  private volatile Events events;

  Events events() {
    return events;
  }

  @Override
  public void start(Assignment assignment, Events to) {
    events = to;
    started.put(assignment.jobId() + "/" + assignment.attempt(), assignment);
    note("start " + assignment.jobId() + "/" + assignment.attempt());
  }

  @Override
  public void cancel(String jobId, int attempt) {
    note("cancel " + jobId + "/" + attempt);
    events.ended(jobId, attempt, "cancelled");
  }

  @Override
  public void cleanUp(String jobId, int attempt) {
    note("cleanUp " + jobId + "/" + attempt);
  }

  boolean called(String call) {
    synchronized (calls) {
      return calls.contains(call);
    }
  }

  private void note(String call) {
    synchronized (calls) {
      calls.add(call);
    }
  }
}
