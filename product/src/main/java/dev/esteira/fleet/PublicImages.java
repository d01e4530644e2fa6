package dev.esteira.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Machine images that others publish, and that scripts find by name, by parameter or by an id
 * written down once. None of them is here: a stand-in made of Debian's packages boots in place of
 * each, and says so on its console. Pure.
 */
public final class PublicImages {
  /** The account that "amazon" means, under which the house's own image is published, too. */
  public static final String AMAZON = "137112412989";

  /** The form of an id; whatever has it, and was never made here, is somebody's image. */
  private static final Pattern ID = Pattern.compile("ami-[0-9a-f]{8}([0-9a-f]{9})?");

  private static final Instant AT = Instant.parse("2025-06-01T00:00:00Z");
  private static final String CANONICAL = "099720109477";
  private static final String DEBIAN = "136693071363";

  /** One that is known by name; {@code parameters} are the public parameters that name its id. */
  private record Published(
      String id, String owner, String name, String system, List<String> parameters) {}

  private static final List<Published> ALL =
      List.of(
          amazon(
              2,
              "al2023-ami-2023.7.20250601.0-kernel-6.1-x86_64",
              "Amazon Linux 2023",
              "al2023-ami-kernel-default-x86_64",
              "al2023-ami-kernel-6.1-x86_64",
              "al2023-ami-minimal-kernel-default-x86_64"),
          amazon(
              3,
              "amzn2-ami-hvm-2.0.20250601.0-x86_64-gp2",
              "Amazon Linux 2",
              "amzn2-ami-hvm-x86_64-gp2",
              "amzn2-ami-hvm-x86_64-ebs",
              "amzn2-ami-minimal-hvm-x86_64-ebs"),
          amazon(
              4,
              "amzn2-ami-kernel-5.10-hvm-2.0.20250601.0-x86_64-gp2",
              "Amazon Linux 2, kernel 5.10",
              "amzn2-ami-kernel-5.10-hvm-x86_64-gp2"),
          amazon(
              5,
              "amzn-ami-hvm-2018.03.0.20231218.0-x86_64-gp2",
              "Amazon Linux",
              "amzn-ami-hvm-x86_64-gp2"),
          ubuntu(6, "hvm-ssd-gp3/ubuntu-noble-24.04", "24.04"),
          ubuntu(7, "hvm-ssd/ubuntu-jammy-22.04", "22.04"),
          ubuntu(8, "hvm-ssd/ubuntu-focal-20.04", "20.04"),
          ubuntu(9, "hvm-ssd/ubuntu-bionic-18.04", "18.04"),
          new Published(
              id(10),
              DEBIAN,
              "debian-12-amd64-20250601-2130",
              "Debian 12",
              List.of("/aws/service/debian/release/12/latest/amd64")));

  private PublicImages() {}

  private static String id(int number) {
    return MachineImages.SHIPPED_ID.substring(0, MachineImages.SHIPPED_ID.length() - 2)
        + "%02x".formatted(number);
  }

  private static Published amazon(int number, String name, String system, String... parameters) {
    String path = "/aws/service/ami-amazon-linux-latest/";
    return new Published(
        id(number), AMAZON, name, system, List.of(parameters).stream().map(path::concat).toList());
  }

  private static Published ubuntu(int number, String series, String version) {
    String path = "/aws/service/canonical/ubuntu/server/" + version + "/stable/current/amd64/hvm/";
    return new Published(
        id(number),
        CANONICAL,
        "ubuntu/images/" + series + "-amd64-server-20250601",
        "Ubuntu " + version,
        List.of(path + "ebs-gp2/ami-id", path + "ebs-gp3/ami-id"));
  }

  /** What public parameters say, by their names. */
  public static Map<String, String> parameters() {
    Map<String, String> all = new java.util.TreeMap<>();
    ALL.forEach(each -> each.parameters().forEach(name -> all.put(name, each.id())));
    return all;
  }

  static boolean isId(String id) {
    return ID.matcher(id).matches();
  }

  /** The account that publishes it; empty for an id that is known of no account. */
  static Optional<String> owner(String id) {
    return find(id).map(Published::owner);
  }

  private static Optional<Published> find(String id) {
    return ALL.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /** Those that can be found by name. */
  static List<MachineImage> all() {
    return ALL.stream().map(PublicImages::shown).toList();
  }

  /** What stands in for an image of this id; it must have the form of one. */
  static MachineImage standIn(String id) {
    return find(id)
        .map(PublicImages::shown)
        .orElseGet(() -> image(id, "stand-in-for-" + id, "an image that is not in this house"));
  }

  private static MachineImage shown(Published published) {
    return image(published.id(), published.name(), published.system());
  }

  private static MachineImage image(String id, String name, String of) {
    return new MachineImage(
        id,
        name,
        "Stand-in for " + of + ", made of Debian 12: yum and dnf install Debian's packages",
        "available",
        Optional.empty(),
        AT,
        Map.of(),
        "");
  }
}
