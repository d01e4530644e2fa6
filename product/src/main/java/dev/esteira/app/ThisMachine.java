package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Programs;
import dev.esteira.cli.LocalHouse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

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
  public Linted lint(Path directory, String event) {
    return new Lint(directory, event).run();
  }
}
