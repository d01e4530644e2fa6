package dev.esteira.images;

import java.util.List;

/** What the layers of stand-ins stand on; also the stand-ins of bare systems. */
final class Grounds {
  static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  static final ImageRecipe BOOKWORM = debian("bookworm", "Debian 12");
  static final ImageRecipe BULLSEYE = debian("bullseye", "Debian 11");
  static final ImageRecipe TRIXIE = debian("trixie", "Debian 13");

  /** Debian's next release as it is today: what a stable one has too new, or no more. */
  static final ImageRecipe SID = debian("sid", "Debian unstable");

  /** Compilers and what sources are fetched with, as the larger official images have them. */
  static final LayerRecipe BUILDPACK =
      new LayerRecipe(
          "buildpack",
          "bookworm",
          "Debian 12 with git, compilers and make",
          BOOKWORM,
          List.of(
              "bzip2",
              "g++",
              "git",
              "make",
              "openssh-client",
              "patch",
              "pkg-config",
              "procps",
              "python3",
              "unzip",
              "xz-utils"),
          "",
          "",
          BOOKWORM.defaults(),
          30);

  private Grounds() {}

  /** The system's name alone. */
  static String says(Blueprint ground) {
    return ground.says().substring(0, ground.says().indexOf(" with "));
  }

  private static ImageRecipe debian(String release, String is) {
    return new ImageRecipe(
        "esteira/debian",
        List.of(release),
        is + " with curl, wget and busybox; apk installs Debian's packages",
        List.of("adduser", "busybox", "ca-certificates", "curl", "netbase", "tzdata", "wget"),
        "ground.sh",
        List.of(PATH),
        List.of(),
        List.of("/bin/sh"),
        release,
        30);
  }
}
