package dev.esteira.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Home;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What every command owes its users, whichever it is. */
class CommandsTest {
  @TempDir Path root;

  @Test
  void everyCommandSaysWhatItDoesAndGivesAnExampleOfItself() {
    List<CommandSpec> commands = commands().toList();
    assertTrue(commands.size() > 30, "all commands: " + commands.size());
    for (CommandSpec command : commands) {
      String name = command.qualifiedName();
      assertTrue(command.usageMessage().description().length > 0, name + " says what it does");
      assertTrue(command.mixinStandardHelpOptions(), name + " has --help");
    }
    assertEquals(
        List.of(),
        commands.stream()
            .filter(command -> !footer(command).contains("./" + command.qualifiedName()))
            .map(CommandSpec::qualifiedName)
            .toList(),
        "without an example");
  }

  private static String footer(CommandSpec command) {
    return String.join("\n", command.usageMessage().footer());
  }

  @Test
  void everyOptionAndParameterIsDescribed() {
    commands()
        .flatMap(command -> command.args().stream())
        .forEach(argument ->
            assertTrue(
                argument.description().length > 0,
                argument.command().qualifiedName() + " " + argument.paramLabel()));
  }

  @Test
  void whatListsRowsPrintsThemAsJsonToo() {
    List<String> without =
        commands()
            .filter(command -> command.userObject() instanceof ListCommand)
            .filter(command -> command.findOption("--json") == null)
            .map(CommandSpec::qualifiedName)
            .toList();
    assertEquals(List.of(), without);
  }

  /** All commands that do something themselves and are not hidden. */
  private Stream<CommandSpec> commands() {
    CommandLine all = new EsteiraCommand(new Home(root), new NoHouse()).line("");
    return leaves(all).map(CommandLine::getCommandSpec);
  }

  private static Stream<CommandLine> leaves(CommandLine line) {
    if (line.getCommandSpec().usageMessage().hidden()) {
      return Stream.of();
    }
    return line.getSubcommands().isEmpty()
        ? Stream.of(line)
        : line.getSubcommands().values().stream().flatMap(CommandsTest::leaves);
  }

  /** Commands are looked at here, never run. */
  private static final class NoHouse implements LocalHouse {
    @Override
    public int serve(Home home) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void tearDown(Home home, Consumer<String> progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Check> doctor(Home home) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Linted lint(Path directory, String event) {
      throw new UnsupportedOperationException();
    }
  }
}
