package dev.esteira.images;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Systems of other families than Debian's, by the commands and places that their users know. */
final class SystemRecipes {
  /** Whose users install packages by yum or dnf. */
  private static final Set<String> RPM =
      Set.of(
          "amazonlinux",
          "public.ecr.aws/amazonlinux/amazonlinux",
          "almalinux",
          "centos",
          "quay.io/centos/centos",
          "fedora",
          "oraclelinux",
          "rockylinux",
          "rockylinux/rockylinux",
          "redhat/ubi8",
          "redhat/ubi8-minimal",
          "redhat/ubi9",
          "redhat/ubi9-minimal",
          "registry.access.redhat.com/ubi8",
          "registry.access.redhat.com/ubi8/ubi",
          "registry.access.redhat.com/ubi8/ubi-minimal",
          "registry.access.redhat.com/ubi8-minimal",
          "registry.access.redhat.com/ubi9",
          "registry.access.redhat.com/ubi9/ubi",
          "registry.access.redhat.com/ubi9/ubi-minimal",
          "registry.access.redhat.com/ubi9-minimal");

  private static final LayerRecipe YUM =
      new LayerRecipe(
          "yum",
          "12",
          "Debian 12 whose yum and dnf install Debian's packages",
          Grounds.BOOKWORM,
          List.of("bash", "findutils", "procps"),
          "",
          "rpm.sh",
          ImageDefaults.running(List.of(Grounds.PATH), List.of(), List.of("/bin/bash")),
          10);

  /** What busybox's shell understands besides, bash does; Debian's sh does not. */
  private static final LayerRecipe ALPINE =
      new LayerRecipe(
          "alpine",
          "12",
          "Debian 12 with curl, wget and busybox; apk installs Debian's packages",
          Grounds.BOOKWORM,
          List.of(),
          "",
          "alpine.sh",
          ImageDefaults.running(List.of(Grounds.PATH), List.of(), List.of("/bin/sh")),
          10);

  private static final String DISTROLESS = "gcr.io/distroless/";

  private SystemRecipes() {}

  static Optional<Blueprint> of(String repository, String tag) {
    if (RPM.contains(repository)) {
      return Optional.of(YUM);
    }
    if (repository.equals("alpine")) {
      return Optional.of(ALPINE);
    }
    return repository.startsWith(DISTROLESS)
        ? distroless(repository.substring(DISTROLESS.length()), tag)
        : Optional.empty();
  }

  private static Optional<Blueprint> distroless(String name, String tag) {
    boolean isPlain = name.startsWith("static") || name.startsWith("base") || name.startsWith("cc");
    return isPlain ? Optional.of(plain(tag.contains("nonroot"))) : Optional.empty();
  }

  private static LayerRecipe plain(boolean isNonroot) {
    ImageDefaults defaults = ImageDefaults.running(List.of(Grounds.PATH), List.of(), List.of());
    return new LayerRecipe(
        "distroless",
        isNonroot ? "nonroot" : "root",
        "Debian 12 with the user nonroot",
        Grounds.BOOKWORM,
        List.of(),
        "",
        "distroless.sh",
        isNonroot ? defaults.in("/home/nonroot").as("65532") : defaults,
        10);
  }
}
