package dev.esteira.git;

import dev.esteira.access.Access;
import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.store.TestingLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Repositories on a real server, and a real git beside it. */
final class TestingGit implements AutoCloseable {
  final Access access;
  final JgitRepositories repositories;
  final Path directory;
  final int port;
  private final JettyHttpServer server;

  TestingGit(Path directory) {
    this.directory = directory;
    Home home = new Home(directory.resolve("home"));
    this.access = new LedgerAccess(home, new TestingLedger(), InstantSource.system());
    this.repositories = new JgitRepositories(home, access, InstantSource.system());
    this.server = new JettyHttpServer("git", repositories.handler());
    this.port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  void project(String path, Map<String, String> settings) {
    access.createProject(path, settings);
    repositories.create(path);
  }

  /** The address with the administrator's token in it. */
  String url(String path) {
    return "http://any:" + access.adminToken() + "@127.0.0.1:" + port + path;
  }

  /** Runs git in a directory below the test's own; the settings of the account do not count. */
  Commands.Result git(String where, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "env",
            "GIT_CONFIG_NOSYSTEM=1",
            "GIT_CONFIG_GLOBAL=/dev/null",
            "GIT_TERMINAL_PROMPT=0",
            "no_proxy=*",
            "GIT_AUTHOR_NAME=Ada",
            "GIT_AUTHOR_EMAIL=ada@example.com",
            "GIT_COMMITTER_NAME=Ada",
            "GIT_COMMITTER_EMAIL=ada@example.com",
            "git",
            "-C",
            directory.resolve(where).toString()));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofMinutes(3), "", command);
  }

  String ok(String where, String... arguments) {
    Commands.Result result = git(where, arguments);
    if (!result.ok()) {
      throw new AssertionError(String.join(" ", arguments) + ": " + result.output());
    }
    return result.output();
  }

  /** A work tree with one commit on the branch. */
  Path work(String name, String branch) throws IOException {
    ok(".", "init", "-q", "-b", branch, name);
    Path tree = directory.resolve(name);
    Files.writeString(tree.resolve("a.txt"), "one\n");
    ok(name, "add", ".");
    ok(name, "commit", "-qm", "First\n\nbody");
    return tree;
  }

  @Override
  public void close() {
    server.close();
    repositories.close();
  }
}
