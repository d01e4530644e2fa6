package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The git working tree around the current directory, by the user's own git. Changes nothing. */
final class WorkingTree {
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  /** Addresses of the remotes. */
  List<String> remotes() {
    List<String> urls = new ArrayList<>();
    Result listed = run(Map.of(), List.of("config", "--get-regexp", "^remote\\..*\\.url$"));
    listed
        .text()
        .lines()
        .map(line -> line.substring(line.indexOf(' ') + 1).strip())
        .forEach(urls::add);
    return urls;
  }

  /** The branch that is checked out, as a whole name. */
  String ref() {
    Result branch = run(Map.of(), List.of("symbolic-ref", "-q", "HEAD"));
    return branch.code() == 0 ? branch.text().strip() : "refs/heads/detached";
  }

  /**
   * A commit with the files as they are, those that git does not know but need not ignore included;
   * the one that is checked out when nothing differs.
   */
  String commit() {
    String top = check(Map.of(), List.of("rev-parse", "--show-toplevel")).strip();
    Path index = null;
    try {
      index = Files.createTempFile("esteira-index", "");
      Files.delete(index);
      Map<String, String> own = Map.of("GIT_INDEX_FILE", index.toString());
      Optional<String> head =
          Optional.of(run(Map.of(), List.of("rev-parse", "-q", "--verify", "HEAD^{commit}")))
              .filter(r -> r.code() == 0)
              .map(r -> r.text().strip());
      if (head.isPresent()) {
        check(own, List.of("read-tree", head.get()));
      }
      check(own, List.of("-C", top, "add", "--all"));
      String tree = check(own, List.of("write-tree")).strip();
      if (head.isPresent()
          && check(Map.of(), List.of("rev-parse", head.get() + "^{tree}")).strip().equals(tree)) {
        return head.get();
      }
      List<String> command = new ArrayList<>(List.of("commit-tree", tree, "-m", "Working tree"));
      head.ifPresent(parent -> command.addAll(List.of("-p", parent)));
      return check(identity(), command).strip();
    } catch (IOException e) {
      throw EsteiraException.internal("could not make an index of the working tree", e);
    } finally {
      if (index != null) {
        index.toFile().delete();
      }
    }
  }

  private static Map<String, String> identity() {
    String user = System.getProperty("user.name", "somebody");
    return Map.of(
        "GIT_AUTHOR_NAME",
        user,
        "GIT_AUTHOR_EMAIL",
        user + "@localhost",
        "GIT_COMMITTER_NAME",
        user,
        "GIT_COMMITTER_EMAIL",
        user + "@localhost");
  }

  /** The token goes by the environment: arguments are for all to see. */
  void push(String url, String token, String refspec) {
    String pair = "esteira:" + token;
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    check(
        Map.of(
            "GIT_CONFIG_COUNT", "1",
            "GIT_CONFIG_KEY_0", "http.extraHeader",
            "GIT_CONFIG_VALUE_0", "Authorization: Basic " + basic),
        List.of("push", "--quiet", "--force", "--no-verify", url, refspec));
  }

  private record Result(int code, String text) {}

  private static String check(Map<String, String> environment, List<String> arguments) {
    Result result = run(environment, arguments);
    if (result.code() != 0) {
      throw EsteiraException.invalid(
          "git " + arguments.getFirst() + " failed: " + result.text().strip());
    }
    return result.text();
  }

  private static Result run(Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), text);
    } catch (IOException e) {
      throw new EsteiraException(ErrorCode.PREREQUISITE, "could not start git", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while git worked", e);
    }
  }
}
