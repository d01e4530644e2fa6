package dev.esteira.app;

import dev.esteira.base.Home;
import dev.esteira.cli.EsteiraCommand;

/** Where everything starts: a command line for one home. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length == 1 && arguments[0].equals("prepare")) {
      // Before anything of a library is loaded.
      Libraries.prepare(Libraries.directory());
      return;
    }
    Logging.setUp();
    if (arguments.length == 2 && arguments[0].equals("train")) {
      Training.run(arguments[1].equals("house"));
      System.exit(0);
    }
    if (arguments.length == 1 && arguments[0].equals("serve")) {
      // As 'up' starts it: the house itself has no use for a command line.
      System.exit(new ThisMachine().serve(Home.fromEnvironment()));
    }
    System.exit(EsteiraCommand.run(Home.fromEnvironment(), new ThisMachine(), arguments));
  }
}
