package dev.esteira.edge;

import dev.esteira.base.Json;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Service;
import dev.esteira.edge.Edge.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Measures the edge with the real HAProxy under load: how long a target takes to be added and to be
 * drained, and how long a killed HAProxy is away. Arguments: a directory, the number of rounds. One
 * line of JSON.
 */
final class EdgeBench {
  private static final String APP = "service/default/app/80";

  private EdgeBench() {}

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[1]);
    List<Long> add = new ArrayList<>();
    List<Long> drain = new ArrayList<>();
    List<Long> away = new ArrayList<>();
    long answers;
    int failures;
    try (EdgeLab lab = new EdgeLab(Path.of(args[0]))) {
      lab.edge.put(new Service(APP, Mode.HTTP, List.of(lab.address(9)), 80, 0));
      Target a = lab.backend("a");
      Target b = lab.backend("b");
      lab.edge.add(APP, a);
      try (LoadClient load = new LoadClient(lab.address(9), 80, 8, 2)) {
        for (int round = 0; round < rounds; round++) {
          Target in = round % 2 == 0 ? b : a;
          Target out = round % 2 == 0 ? a : b;
          add.add(micros(() -> lab.edge.add(APP, in)));
          load.await(in.id(), 200);
          drain.add(micros(() -> lab.edge.drain(APP, out.id(), 5_000)));
        }
        answers = load.answers();
        failures = load.failures().size();
      }
      for (int round = 0; round < rounds; round++) {
        ProcessHandle.of(lab.haproxyPid()).ifPresent(ProcessHandle::destroyForcibly);
        away.add(micros(() -> awaitAnswer(lab.address(9))));
      }
    }
    System.out.println(
        Json.write(
            Map.of(
                "addMicrosP50", p50(add),
                "drainMicrosP50", p50(drain),
                "haproxyKilledAwayMicrosP50", p50(away),
                "answers", answers,
                "failures", failures)));
  }

  private static long micros(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1_000;
  }

  private static void awaitAnswer(String address) {
    boolean gone = false;
    while (true) {
      try {
        LoadClient.get(address, 80);
        if (gone) {
          return;
        }
      } catch (IOException e) {
        gone = true;
      }
    }
  }

  private static long p50(List<Long> micros) {
    Collections.sort(micros);
    return micros.get(micros.size() / 2);
  }
}
