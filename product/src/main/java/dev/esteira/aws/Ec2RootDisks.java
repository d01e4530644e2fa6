package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.fleet.RootDisk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The disks that machines boot from: as a launch asks for them, and their tags. */
final class Ec2RootDisks {
  /** As the images here and as those of others name it. */
  private static final List<String> DEVICES = List.of("/dev/xvda", "/dev/sda1");

  private static final List<String> KINDS =
      List.of("gp2", "gp3", "io1", "io2", "st1", "sc1", "standard");
  private static final int GIB_MAX = 65_536;

  private Ec2RootDisks() {}

  static String id(Instance instance) {
    return "vol-" + instance.id().substring(2);
  }

  /** What a launch says of the disk, with what it leaves open as usual. */
  static RootDisk asked(Call call) {
    JsonNode disk = MissingNode.getInstance();
    for (JsonNode mapping : call.input().path("BlockDeviceMappings")) {
      if (DEVICES.contains(mapping.path("DeviceName").asText())) {
        disk = mapping.path("Ebs");
      }
    }
    String kind = disk.path("VolumeType").asText(RootDisk.USUAL.kind());
    if (!KINDS.contains(kind)) {
      throw Ec2.invalid("Invalid volume type: " + kind);
    }
    int gib = disk.path("VolumeSize").asInt(RootDisk.USUAL.gib());
    if (gib < RootDisk.USUAL.gib() || gib > GIB_MAX) {
      throw new AwsException(
          "InvalidBlockDeviceMapping",
          400,
          "Volume of size " + gib + "GB is smaller than snapshot, expect size >= 8GB");
    }
    int usualIops = kind.equals("gp3") ? 3_000 : Math.max(100, 3 * gib);
    return new RootDisk(
        gib,
        kind,
        disk.path("Encrypted").asBoolean(false),
        disk.path("Iops").asInt(usualIops),
        kind.equals("gp3") ? disk.path("Throughput").asInt(125) : 0,
        Ec2Tags.specified(call, "volume"));
  }

  static Taggable taggable(LiveInstances instances) {
    return new Ec2FleetTags(
        "vol-",
        "volume",
        () -> {
          Map<String, Map<String, String>> all = new LinkedHashMap<>();
          instances.all().stream()
              .filter(each -> each.state() != State.TERMINATED)
              .forEach(each -> all.put(id(each), instances.setup(each.id()).disk().tags()));
          return all;
        },
        id ->
            new AwsException(
                "InvalidVolume.NotFound", 400, "The volume '" + id + "' does not exist."),
        (id, set, removed) -> {
          String instance = "i-" + id.substring(4);
          LiveInstances.Setup setup = instances.setup(instance);
          Map<String, String> next = new TreeMap<>(setup.disk().tags());
          removed.forEach(next::remove);
          next.putAll(set);
          instances.set(instance, setup.on(setup.disk().withTags(next)));
        });
  }
}
