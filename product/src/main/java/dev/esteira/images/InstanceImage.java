package dev.esteira.images;

import java.util.List;

/** The image of instances: a small Debian machine whose init is systemd. */
final class InstanceImage {
  private static final List<String> PACKAGES =
      List.of(
          "awscli",
          "ca-certificates",
          "cron",
          "curl",
          "git",
          "iproute2",
          "iputils-ping",
          "jq",
          "less",
          "libnss-myhostname",
          "netbase",
          "nginx-light",
          "openssh-client",
          "openssh-server",
          "procps",
          "python3",
          "sudo",
          "systemd",
          "systemd-sysv",
          "tzdata",
          "unzip",
          "wget",
          "xz-utils");

  static final ImageRecipe RECIPE =
      new ImageRecipe(
          "esteira/instance",
          List.of("1", "latest"),
          "The machine that instances are made from: systemd nginx docker aws curl python3",
          PACKAGES,
          "instance.sh",
          List.of(
              "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
              "LANG=C.UTF-8",
              "SYSTEMD_COLORS=0"),
          List.of("/sbin/init"),
          60);

  private InstanceImage() {}
}
