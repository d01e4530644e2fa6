package dev.esteira.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace without a way out, in which another Docker runs with its own firewall rules,
 * as it would on a machine that had Docker before. Its containers are: {@code web} on the default
 * bridge with port 18080 published, and {@code two} on a network of its own.
 */
final class Island implements AutoCloseable {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int STOP_SECONDS = 30;

  /** A new /sys shows this network's links; the control groups are kept. */
  private static final String NETWORK =
      """
      set -e
      groups=$(mktemp -d)
      mount --rbind /sys/fs/cgroup "$groups"
      mount -t sysfs sysfs /sys
      mount --rbind "$groups" /sys/fs/cgroup
      umount -l "$groups" && rmdir "$groups"
      ip link set lo up
      ip link add outside type bridge
      ip addr add 192.0.2.9/24 dev outside
      ip link set outside up
      ip route add default via 192.0.2.1
      echo 1 > /proc/sys/net/ipv4/ip_forward
      iptables -P FORWARD DROP
      echo ready
      exec sleep infinity
      """;

  private static final String DOCKER =
      """
      dockerd --data-root $D/data --exec-root $D/exec -H unix://$D/s -p $D/pid > $D/log 2>&1 &
      for i in $(seq 100); do
        docker -H unix://$D/s info > /dev/null 2>&1 && exit 0
        sleep 0.1
      done
      cat $D/log; exit 1
      """;

  private static final String CONTAINERS =
      """
      set -e
      mkdir -p $D/root/bin $D/root/www $D/root/etc $D/root/tmp
      cp "$(command -v busybox)" $D/root/bin/busybox
      for a in sh wget httpd; do ln -s busybox $D/root/bin/$a; done
      for l in $(ldd $D/root/bin/busybox | grep -o '/[^ ]*'); do
        mkdir -p $D/root$(dirname $l); cp -L $l $D/root$l
      done
      echo another > $D/root/www/index.html
      tar -C $D/root -c . | docker import - box
      docker network create apart
      start() { docker run -d --stop-timeout 1 --restart always "$@" box httpd -f -p 80 -h /www; }
      start --name web -p 18080:80
      start --name two --network apart
      """;

  private final Path directory;
  private final Process holder;

  Island(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      ProcessBuilder builder =
          new ProcessBuilder(
              "unshare", "--net", "--mount", "--propagation", "private", "bash", "-c", NETWORK);
      this.holder = builder.redirectErrorStream(true).start();
      BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
      String line = said.readLine();
      if (!"ready".equals(line)) {
        throw new AssertionError("no network namespace: " + line);
      }
    } catch (IOException e) {
      throw new AssertionError("no network namespace", e);
    }
  }

  /** The words before a command that make it run here. */
  List<String> prefix() {
    return List.of("nsenter", "-t", Long.toString(holder.pid()), "-n", "-m");
  }

  /** A shell here, whose docker speaks to the other Docker. */
  Shell shell() {
    return new Shell(
        directory,
        Map.of("D", directory.toString(), "DOCKER_HOST", "unix://" + directory + "/s"),
        prefix());
  }

  void startDocker() {
    shell().bash(MINUTE, DOCKER).orFail();
  }

  void startContainers() {
    shell().bash(MINUTE, CONTAINERS).orFail();
  }

  void stopDocker() {
    try {
      Path pid = directory.resolve("pid");
      if (Files.exists(pid)) {
        ProcessHandle daemon =
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        daemon.destroy();
        daemon.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
      }
    } catch (IOException e) {
      throw new AssertionError("no pid of the other Docker", e);
    }
  }

  @Override
  public void close() {
    try {
      stopDocker();
      shell().bash(MINUTE, "umount -R $D/data; rm -rf $D/data $D/exec").orFail();
    } finally {
      holder.destroyForcibly();
    }
  }
}
