package dev.esteira.fleet;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Instance types by the names of EC2: family and size; the size gives processors and memory. */
public final class InstanceTypes {
  private static final Pattern NAME = Pattern.compile("([a-z]+[0-9]+[a-z0-9-]*)\\.([a-z0-9-]+)");

  private static final Map<String, Integer> MEMORY_MIB =
      Map.ofEntries(
          Map.entry("nano", 512),
          Map.entry("micro", 1_024),
          Map.entry("small", 2_048),
          Map.entry("medium", 4_096),
          Map.entry("large", 8_192),
          Map.entry("xlarge", 16_384),
          Map.entry("2xlarge", 32_768),
          Map.entry("4xlarge", 65_536),
          Map.entry("8xlarge", 131_072),
          Map.entry("12xlarge", 196_608),
          Map.entry("16xlarge", 262_144),
          Map.entry("24xlarge", 393_216),
          Map.entry("metal", 393_216));

  private static final List<String> USUAL =
      List.of(
          "t2.nano",
          "t2.micro",
          "t2.small",
          "t2.medium",
          "t2.large",
          "t3.nano",
          "t3.micro",
          "t3.small",
          "t3.medium",
          "t3.large",
          "m5.large",
          "m5.xlarge",
          "c5.large",
          "r5.large");

  private InstanceTypes() {}

  /** A type: what its containers may use. */
  public record Type(String name, int processors, int memoryMib) {}

  /** The types that a list of all shows. */
  public static List<Type> usual() {
    return USUAL.stream().flatMap(name -> find(name).stream()).toList();
  }

  public static Optional<Type> find(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Integer memory = MEMORY_MIB.get(parts.group(2));
    if (memory == null) {
      return Optional.empty();
    }
    int processors = name.startsWith("t2.") && memory <= 2_048 ? 1 : Math.max(2, memory / 4_096);
    return Optional.of(new Type(name, processors, memory));
  }
}
