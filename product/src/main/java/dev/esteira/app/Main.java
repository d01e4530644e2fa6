package dev.esteira.app;

import dev.esteira.base.Home;
import dev.esteira.cli.EsteiraCommand;

/** Where everything starts: a command line for one home. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logging.setUp();
    System.exit(EsteiraCommand.run(Home.fromEnvironment(), new ThisMachine(), arguments));
  }
}
