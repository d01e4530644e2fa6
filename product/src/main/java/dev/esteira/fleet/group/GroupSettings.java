package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a group was told to be.
 *
 * @param subnets where instances go; empty: the default subnets of {@code zones}
 * @param loadBalanced whether the health of targets counts ({@code ELB}), beside that of EC2
 * @param graceSeconds how long a new instance may be unhealthy as a target
 * @param lifetimeSecondsMax after which a member is replaced; 0: never
 * @param suspended processes that rest, with the reasons
 */
public record GroupSettings(
    String name,
    int min,
    int max,
    LaunchSource source,
    List<String> subnets,
    List<String> zones,
    List<String> targetGroups,
    boolean loadBalanced,
    int graceSeconds,
    int cooldownSeconds,
    Optional<Integer> warmupSeconds,
    int lifetimeSecondsMax,
    List<GroupTag> tags,
    List<String> terminationPolicies,
    boolean protectNew,
    Map<String, String> suspended) {
  /** The most instances that a group may be asked for. */
  public static final int SIZE_MAX = 200;

  public GroupSettings {
    subnets = List.copyOf(subnets);
    zones = List.copyOf(zones);
    targetGroups = List.copyOf(targetGroups);
    tags = List.copyOf(tags);
    terminationPolicies = List.copyOf(terminationPolicies);
    suspended = Map.copyOf(suspended);
    if (name.isBlank() || name.length() > 255 || name.contains("#") || name.contains("/")) {
      throw EsteiraException.invalid("the group name '" + name + "' is empty, too long or odd");
    }
    if (min < 0) {
      throw EsteiraException.invalid("Min bound, " + min + ", must be at least 0");
    }
    if (max < min) {
      throw EsteiraException.invalid(
          "Max bound, %d, must be greater than or equal to min bound, %d".formatted(max, min));
    }
    if (max > SIZE_MAX) {
      throw EsteiraException.invalid("Max bound, " + max + ", is above " + SIZE_MAX);
    }
  }

  boolean rests(String process) {
    return suspended.containsKey(process);
  }

  /** Whether terminate-instances on a member starts and checks the replacement first. */
  public boolean replaceFirst() {
    return tags.stream()
        .anyMatch(tag ->
            tag.key().equals(GroupTag.TERMINATE) && tag.value().equals(GroupTag.REPLACE_FIRST));
  }

  /** Places to launch in, in order: subnets, else zones, else anywhere (an empty name). */
  List<String> places() {
    if (!subnets.isEmpty()) {
      return subnets;
    }
    return zones.isEmpty() ? List.of("") : zones;
  }

  GroupSettings with(GroupChange change) {
    return new GroupSettings(
        name,
        change.min().orElse(min),
        change.max().orElse(max),
        change.source().orElse(source),
        change.subnets().orElse(subnets),
        change.zones().orElse(zones),
        targetGroups,
        change.loadBalanced().orElse(loadBalanced),
        change.graceSeconds().orElse(graceSeconds),
        change.cooldownSeconds().orElse(cooldownSeconds),
        change.warmupSeconds().or(() -> warmupSeconds),
        change.lifetimeSecondsMax().orElse(lifetimeSecondsMax),
        tags,
        change.terminationPolicies().orElse(terminationPolicies),
        change.protectNew().orElse(protectNew),
        suspended);
  }

  GroupSettings with(
      List<GroupTag> newTags, List<String> newTargetGroups, Map<String, String> nowSuspended) {
    return new GroupSettings(
        name,
        min,
        max,
        source,
        subnets,
        zones,
        newTargetGroups,
        loadBalanced,
        graceSeconds,
        cooldownSeconds,
        warmupSeconds,
        lifetimeSecondsMax,
        newTags,
        terminationPolicies,
        protectNew,
        nowSuspended);
  }

  /** The tags of a new member. */
  Map<String, String> instanceTags() {
    Map<String, String> all = new TreeMap<>();
    tags.stream().filter(GroupTag::propagate).forEach(tag -> all.put(tag.key(), tag.value()));
    all.put("aws:autoscaling:groupName", name);
    return all;
  }
}
