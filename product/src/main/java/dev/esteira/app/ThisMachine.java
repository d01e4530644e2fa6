package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Programs;
import dev.esteira.cli.LocalHouse;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that need no running house, on this machine. */
final class ThisMachine implements LocalHouse {
  private static final Logger LOG = Logger.getLogger(ThisMachine.class.getName());
  private static final List<String> PROGRAMS =
      List.of(
          "dockerd",
          "containerd",
          "runc",
          "haproxy",
          "nft",
          "ip",
          "setsid",
          "mmdebstrap",
          "git",
          "docker",
          "kubectl",
          "aws");
  private static final int FILE_BYTES_MAX = 1 << 20;

  /** Where a message of a dialect says that it found something: {@code FILE:LINE: …}. */
  private static final Pattern PLACE = Pattern.compile("^([^:\\s]+):(\\d+)(?::\\d+)?: (.*)$");

  @Override
  public int serve(Home home) {
    CountDownLatch told = new CountDownLatch(1);
    House house = new House(home);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  told.countDown();
                  house.close();
                }));
    try {
      house.start(new StartProgress(home));
      told.await();
      return 0;
    } catch (EsteiraException e) {
      LOG.log(Level.SEVERE, "could not start: " + e.text(), e);
      return e.code().exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  @Override
  public void tearDown(Home home, Consumer<String> progress) {
    Teardown.run(home, progress);
  }

  @Override
  public List<Check> doctor(Home home) {
    List<Check> checks = new ArrayList<>();
    boolean root = "root".equals(System.getProperty("user.name"));
    checks.add(
        new Check("root", root, root ? "yes" : "no", "run ./esteira as root (sudo ./esteira …)"));
    for (String program : PROGRAMS) {
      Optional<Path> found = Programs.find(program);
      checks.add(
          new Check(
              program,
              found.isPresent(),
              found.map(Path::toString).orElse("not found"),
              "apt-get install --no-install-recommends " + Programs.debianPackage(program)));
    }
    long free = home.root().toFile().getParentFile().getFreeSpace() >> 30;
    checks.add(
        new Check(
            "disk", free >= 5, free + " GiB free for " + home.root(), "free at least 5 GiB there"));
    return checks;
  }

  @Override
  public List<Finding> lint(Path directory) {
    Dialect dialect = new BuildspecDialect((project, name) -> Optional.empty());
    Runs.Request request = new Runs.Request("lint", "0".repeat(40), "refs/heads/main", "lint");
    try {
      Optional<Plan> plan = dialect.plan(path -> read(directory.resolve(path)), request);
      if (plan.isEmpty()) {
        return List.of(
            new Finding(directory.toString(), 0, "error", "no delivery file (buildspec.yml)"));
      }
      return plan.get().notices().stream()
          .map(n -> new Finding(n.file(), n.line(), "notice", n.text()))
          .toList();
    } catch (EsteiraException e) {
      Matcher place = PLACE.matcher(e.text());
      return List.of(
          place.matches()
              ? new Finding(
                  place.group(1), Integer.parseInt(place.group(2)), "error", place.group(3))
              : new Finding(directory.toString(), 0, "error", e.text()));
    }
  }

  private static Optional<String> read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw EsteiraException.limit(file + " is over 1 MiB");
      }
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      throw EsteiraException.invalid("could not read " + file + ": " + e.getMessage());
    }
  }

  @Override
  public void train() {
    Training.run();
  }
}
