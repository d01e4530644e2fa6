package dev.esteira.cli;

import dev.esteira.base.Home;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What commands do on this machine without a running house; the application implements it. */
public interface LocalHouse {
  /** A thing that a working home needs, and whether it is here. */
  record Check(String name, boolean ok, String found, String next) {}

  /** A finding in a delivery file. */
  record Finding(String file, int line, String severity, String text) {}

  /**
   * Why a job is in the pipeline of an event or not.
   *
   * @param looked variables that were looked at on the way
   * @param wouldRunFor other events that would create it
   */
  record JobAnswer(
      String job,
      String stage,
      boolean created,
      String when,
      String reason,
      String file,
      int line,
      Map<String, String> looked,
      List<String> wouldRunFor) {}

  /** What lint has to say. */
  record Linted(List<Finding> findings, List<JobAnswer> jobs) {
    public Linted {
      findings = List.copyOf(findings);
      jobs = List.copyOf(jobs);
    }
  }

  /** Runs the house until it is told to stop. Returns the exit code of the process. */
  int serve(Home home);

  /** Ends everything of this home that runs without the process: containers, proxy, networks. */
  void tearDown(Home home, Consumer<String> progress);

  List<Check> doctor(Home home);

  /**
   * Plans the delivery files of a directory for an event without running anything.
   *
   * @param event {@code push}, {@code branch=x}, {@code tag=v1}, {@code merge_request}, …
   */
  Linted lint(Path directory, String event);
}
