package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Clouds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Regions, availability zones and account attributes. Any region means this home, so each has the
 * home's three zones under its own name.
 */
final class Ec2Places {
  private static final List<String> REGIONS =
      List.of(
          "ap-northeast-1",
          "ap-northeast-2",
          "ap-northeast-3",
          "ap-south-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "ca-central-1",
          "eu-central-1",
          "eu-north-1",
          "eu-west-1",
          "eu-west-2",
          "eu-west-3",
          "sa-east-1",
          "us-east-1",
          "us-east-2",
          "us-west-1",
          "us-west-2");

  private record Zone(String name, String region) {}

  private static final Filters<Zone> ZONES =
      new Filters<Zone>(_ -> Map.of())
          .one("zone-name", Zone::name)
          .one("zone-id", zone -> zoneId(zone.name()))
          .one("region-name", Zone::region)
          .one("group-name", Zone::region)
          .one("opt-in-status", _ -> "opt-in-not-required")
          .one("zone-type", _ -> "availability-zone")
          .one("state", _ -> "available");
  private static final Filters<String> FILTERS =
      new Filters<String>(_ -> Map.of())
          .one("region-name", name -> name)
          .one("endpoint", Ec2Places::endpoint)
          .one("opt-in-status", _ -> "opt-in-not-required");

  private Ec2Places() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("DescribeAvailabilityZones", Ec2Places::zones);
    operations.put("DescribeRegions", Ec2Places::regions);
    operations.put("DescribeAccountAttributes", Ec2Places::attributes);
  }

  /** Such as use1-az1 for us-east-1a. */
  static String zoneId(String zone) {
    String[] parts = zone.substring(0, zone.length() - 1).split("-");
    StringBuilder id = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      // Such as ne of northeast, and e of east.
      id.append(parts[i].charAt(0))
          .append(parts[i].matches("(north|south)(east|west)") ? parts[i].charAt(5) : "");
    }
    return id.append("-az").append(zone.charAt(zone.length() - 1) - 'a' + 1).toString();
  }

  private static List<Zone> zonesOf(String region) {
    return Clouds.ZONES.stream()
        .map(zone -> new Zone(region + zone.charAt(zone.length() - 1), region))
        .toList();
  }

  /** The zone by this name, as one of the caller's region or of the home's. */
  static String zone(Call call, String name) {
    boolean known =
        Clouds.ZONES.contains(name)
            || zonesOf(call.caller().region()).stream().anyMatch(z -> z.name().equals(name));
    if (!known) {
      throw Ec2.invalid(
          "Value ("
              + name
              + ") for parameter availabilityZone is invalid. Subnets can currently"
              + " only be created in the following availability zones: "
              + String.join(", ", zonesOf(call.caller().region()).stream().map(Zone::name).toList())
              + ".");
    }
    return name;
  }

  static String zoneOf(Call call, String id) {
    return zonesOf(call.caller().region()).stream()
        .map(Zone::name)
        .filter(name -> zoneId(name).equals(id))
        .findFirst()
        .orElseThrow(() -> Ec2.invalid("Invalid availability zone-id: [" + id + "]"));
  }

  private static ObjectNode zones(Call call) {
    List<String> names = call.texts("ZoneNames");
    List<String> ids = call.texts("ZoneIds");
    List<Zone> found = new ArrayList<>(ZONES.apply(call, zonesOf(call.caller().region())));
    found.removeIf(z -> !names.isEmpty() && !names.contains(z.name()));
    found.removeIf(z -> !ids.isEmpty() && !ids.contains(zoneId(z.name())));
    if (found.size() < Math.max(names.size(), ids.size())) {
      throw Ec2.invalid("Invalid availability zone: " + names + ids);
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("AvailabilityZones");
    for (Zone zone : found) {
      ObjectNode shown = list.addObject();
      shown.put("State", "available").put("OptInStatus", "opt-in-not-required");
      shown.putArray("Messages");
      shown.put("RegionName", zone.region()).put("ZoneName", zone.name());
      shown.put("ZoneId", zoneId(zone.name())).put("GroupName", zone.region());
      shown.put("NetworkBorderGroup", zone.region()).put("ZoneType", "availability-zone");
    }
    return answer;
  }

  private static String endpoint(String region) {
    return "ec2." + region + ".amazonaws.com";
  }

  private static ObjectNode regions(Call call) {
    List<String> all = new ArrayList<>(REGIONS);
    if (!all.contains(call.caller().region())) {
      all.add(call.caller().region());
    }
    List<String> names = call.texts("RegionNames");
    List<String> found =
        FILTERS.apply(call, all).stream()
            .filter(name -> names.isEmpty() || names.contains(name))
            .toList();
    if (found.size() < names.size() && !call.input().has("Filters")) {
      throw Ec2.invalid("Invalid region names: " + names);
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Regions");
    for (String name : found) {
      ObjectNode shown = list.addObject();
      shown.put("OptInStatus", "opt-in-not-required").put("RegionName", name);
      shown.put("Endpoint", endpoint(name));
    }
    return answer;
  }

  private static ObjectNode attributes(Call call) {
    Map<String, String> all =
        Map.of(
            "supported-platforms", "VPC",
            "vpc-max-security-groups-per-interface", "16",
            "max-instances", "100");
    List<String> names = call.texts("AttributeNames");
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("AccountAttributes");
    all.forEach((name, value) -> {
      if (names.isEmpty() || names.contains(name)) {
        ObjectNode shown = list.addObject().put("AttributeName", name);
        shown.putArray("AttributeValues").addObject().put("AttributeValue", value);
      }
    });
    return answer;
  }
}
