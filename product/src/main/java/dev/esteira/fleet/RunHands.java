package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.engine.Engine;
import dev.esteira.store.Hands;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs commands inside instances. A script runs by itself, apart from whoever waits for it: its
 * files are where the agent of Systems Manager has them, and a house that comes up again finds by
 * them what came of it.
 */
final class RunHands implements Hands<InvocationMachine.Command> {
  private static final Logger LOG = Logger.getLogger(RunHands.class.getName());
  private static final int OUTPUT_BYTES_MAX = 24_000;
  private static final int ERROR_BYTES_MAX = 8_000;
  private static final int STEP_LIMIT_SECONDS = 60;
  private static final int WAIT_SECONDS_AFTER_LIMIT = 60;
  private static final int LATE = 124;

  /** Begins a script, unless it was begun. Words: directory, pid file, limit, cwd, text. */
  private static final String BEGIN =
      """
      [ -d "$1" ] && exit 0
      umask 077
      new=$1.$$
      mkdir -p "$new" "${2%/*}" || exit 1
      printf '%s\\n' "$5" > "$new/_script.sh" && chmod 700 "$new/_script.sh" || exit 1
      mv -T "$new" "$1" || { rm -rf "$new"; [ -d "$1" ]; exit; }
      set -a; . /etc/environment; set +a
      setsid sh -c 'umask 022
        cd "$3" && timeout -k 5 "$2" sh -c "$1/_script.sh" > "$1/stdout" 2> "$1/stderr"
        echo $? > "$1/exit.new" && mv "$1/exit.new" "$1/exit"' \
        sh "$1" "$3" "$4" < /dev/null > /dev/null 2> "$1/stderr" &
      echo $! > "$2"
      """;

  /** Prints its exit code, or nothing when what ran it is gone. Words: directory, pid file. */
  private static final String AWAIT =
      """
      while [ ! -e "$1/exit" ]; do
        if ! kill -0 "$(cat "$2")" 2> /dev/null && [ ! -e "$1/exit" ]; then exit 0; fi
        sleep 0.1
      done
      cat "$1/exit"
      """;

  private static final String STOP = "pkill -TERM -s \"$(cat \"$1\")\"; true";

  private final Ground ground;
  private final RunCommands runs;

  RunHands(Ground ground, RunCommands runs) {
    this.ground = ground;
    this.runs = runs;
  }

  @Override
  public String lane(InvocationMachine.Command command) {
    return command.getClass().getSimpleName();
  }

  @Override
  public void carryOut(String key, InvocationMachine.Command command) {
    Optional<Invocation> found = runs.invocation(key);
    if (found.isEmpty()) {
      return;
    }
    switch (command) {
      case InvocationMachine.Run _ -> {
        if (!found.get().ended()) {
          run(found.get());
        }
      }
      case InvocationMachine.Stop _ -> stop(found.get());
    }
  }

  @Override
  public void gaveUp(String key, InvocationMachine.Command command, Exception cause) {
    LOG.log(Level.INFO, "gave up " + command + " of " + key, cause);
    if (command instanceof InvocationMachine.Run && runs.invocation(key).isPresent()) {
      String why = cause instanceof EsteiraException known ? known.text() : cause.toString();
      runs.deliver(key, new InvocationMachine.Lost("could not be run: " + why));
    }
  }

  private void run(Invocation invocation) {
    String directory = directory(invocation);
    String limit = String.valueOf(invocation.limitSeconds());
    Engine.ExecResult begun =
        inside(
            invocation,
            BEGIN,
            STEP_LIMIT_SECONDS,
            directory,
            pidFile(invocation),
            limit,
            invocation.workingDirectory(),
            invocation.script());
    if (begun.exitCode() != 0) {
      lost(invocation, "could not begin: " + begun.output().strip());
      return;
    }
    if (runs.invocation(invocation.key()).filter(Invocation::ended).isPresent()) {
      // Cancelled meanwhile, perhaps before there was anything to stop.
      stop(invocation);
      return;
    }
    String code =
        inside(
                invocation,
                AWAIT,
                invocation.limitSeconds() + WAIT_SECONDS_AFTER_LIMIT,
                directory,
                pidFile(invocation))
            .output()
            .strip();
    if (!code.matches("[0-9]{1,3}")) {
      lost(invocation, "its script was killed, or the instance was stopped");
      return;
    }
    String output = head(invocation, "stdout", OUTPUT_BYTES_MAX);
    String error = head(invocation, "stderr", ERROR_BYTES_MAX);
    int exitCode = Integer.parseInt(code);
    runs.deliver(
        invocation.key(),
        exitCode == LATE
            ? new InvocationMachine.Late(output, error)
            : new InvocationMachine.Ended(exitCode, output, error));
  }

  private void stop(Invocation invocation) {
    inside(invocation, STOP, STEP_LIMIT_SECONDS, pidFile(invocation));
  }

  private void lost(Invocation invocation, String why) {
    runs.deliver(invocation.key(), new InvocationMachine.Lost(why));
  }

  private String head(Invocation invocation, String file, int bytesMax) {
    return inside(
            invocation,
            "head -c \"$2\" \"$1\" 2> /dev/null || true",
            STEP_LIMIT_SECONDS,
            directory(invocation) + "/" + file,
            String.valueOf(bytesMax))
        .output();
  }

  private Engine.ExecResult inside(
      Invocation invocation, String script, int limitSeconds, String... words) {
    List<String> command = new java.util.ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    command.addAll(List.of(words));
    return ground
        .engine()
        .exec(new Box(ground, invocation.instanceId()).name(), command, limitSeconds);
  }

  private static String directory(Invocation invocation) {
    return "/var/lib/amazon/ssm/%s/document/orchestration/%s/awsrunShellScript/0.awsrunShellScript"
        .formatted(invocation.instanceId(), invocation.commandId());
  }

  /** In memory: after a reboot it is gone, and so is what it named. */
  private static String pidFile(Invocation invocation) {
    return "/run/amazon-ssm/" + invocation.commandId() + ".pid";
  }
}
