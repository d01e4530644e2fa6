package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.fleet.RootDisk;
import java.util.List;
import java.util.Map;

/**
 * The disks that machines boot from: each instance has one, for as long as it is. Others cannot be
 * made here, but clients that describe an instance ask for the one it has.
 */
final class Ec2Volumes {
  private static final String DEVICE = "/dev/xvda";

  private final LiveInstances instances;

  private final Filters<Instance> filters;

  Ec2Volumes(LiveInstances instances) {
    this.instances = instances;
    this.filters =
        new Filters<Instance>(i -> disk(i).tags())
            .one("volume-id", Ec2RootDisks::id)
            .one("attachment.instance-id", Instance::id)
            .one("attachment.device", _ -> DEVICE)
            .one("attachment.status", _ -> "attached")
            .one("attachment.delete-on-termination", _ -> "true")
            .one("availability-zone", i -> i.network().zone())
            .one("status", _ -> "in-use")
            .one("size", i -> String.valueOf(disk(i).gib()))
            .one("encrypted", i -> String.valueOf(disk(i).encrypted()))
            .one("volume-type", i -> disk(i).kind());
  }

  private RootDisk disk(Instance instance) {
    return instances.setup(instance.id()).disk();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeVolumes", this::describe);
  }

  private ObjectNode describe(Call call) {
    List<Instance> all =
        instances.all().stream().filter(each -> each.state() != State.TERMINATED).toList();
    List<String> asked = call.texts("VolumeIds");
    for (String id : asked) {
      if (all.stream().noneMatch(each -> Ec2RootDisks.id(each).equals(id))) {
        throw new AwsException(
            "InvalidVolume.NotFound", 400, "The volume '" + id + "' does not exist.");
      }
    }
    List<Instance> wanted =
        all.stream()
            .filter(each -> asked.isEmpty() || asked.contains(Ec2RootDisks.id(each)))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Volumes");
    Ec2.page(call, filters.apply(call, wanted), answer).forEach(each -> list.add(shown(each)));
    return answer;
  }

  private ObjectNode shown(Instance instance) {
    RootDisk disk = disk(instance);
    String since = instance.launchedAt().toString();
    ObjectNode shown =
        Json.object().put("VolumeId", Ec2RootDisks.id(instance)).put("State", "in-use");
    shown.put("AvailabilityZone", instance.network().zone()).put("CreateTime", since);
    shown.put("Encrypted", disk.encrypted()).put("Size", disk.gib()).put("SnapshotId", "");
    shown.put("VolumeType", disk.kind()).put("MultiAttachEnabled", false);
    shown.put("Iops", disk.iops());
    if (disk.throughput() > 0) {
      shown.put("Throughput", disk.throughput());
    }
    if (!disk.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(disk.tags()));
    }
    ObjectNode attachment = shown.putArray("Attachments").addObject();
    attachment.put("AttachTime", since).put("DeleteOnTermination", true).put("Device", DEVICE);
    attachment.put("InstanceId", instance.id()).put("State", "attached");
    attachment.put("VolumeId", Ec2RootDisks.id(instance));
    return shown;
  }
}
