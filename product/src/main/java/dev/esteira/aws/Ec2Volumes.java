package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.LiveInstances;
import java.util.List;
import java.util.Map;

/**
 * The disks that machines boot from: each instance has one, for as long as it is. Others cannot be
 * made here, but clients that describe an instance ask for the one it has.
 */
final class Ec2Volumes {
  private static final String DEVICE = "/dev/xvda";
  private static final int GIB = 8;

  private final LiveInstances instances;

  private final Filters<Instance> filters =
      new Filters<Instance>(_ -> Map.of())
          .one("volume-id", Ec2Volumes::id)
          .one("attachment.instance-id", Instance::id)
          .one("attachment.device", _ -> DEVICE)
          .one("attachment.status", _ -> "attached")
          .one("attachment.delete-on-termination", _ -> "true")
          .one("availability-zone", i -> i.network().zone())
          .one("status", _ -> "in-use")
          .one("size", _ -> String.valueOf(GIB))
          .one("encrypted", _ -> "false")
          .one("volume-type", _ -> "gp2");

  Ec2Volumes(LiveInstances instances) {
    this.instances = instances;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeVolumes", this::describe);
  }

  private static String id(Instance instance) {
    return "vol-" + instance.id().substring(2);
  }

  private ObjectNode describe(Call call) {
    List<Instance> all =
        instances.all().stream().filter(each -> each.state() != State.TERMINATED).toList();
    List<String> asked = call.texts("VolumeIds");
    for (String id : asked) {
      if (all.stream().noneMatch(each -> id(each).equals(id))) {
        throw new AwsException(
            "InvalidVolume.NotFound", 400, "The volume '" + id + "' does not exist.");
      }
    }
    List<Instance> wanted =
        all.stream().filter(each -> asked.isEmpty() || asked.contains(id(each))).toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Volumes");
    Ec2.page(call, filters.apply(call, wanted), answer).forEach(each -> list.add(shown(each)));
    return answer;
  }

  private static ObjectNode shown(Instance instance) {
    String since = instance.launchedAt().toString();
    ObjectNode shown = Json.object().put("VolumeId", id(instance)).put("State", "in-use");
    shown.put("AvailabilityZone", instance.network().zone()).put("CreateTime", since);
    shown.put("Encrypted", false).put("Size", GIB).put("SnapshotId", "").put("Iops", 100);
    shown.put("VolumeType", "gp2").put("MultiAttachEnabled", false);
    ObjectNode attachment = shown.putArray("Attachments").addObject();
    attachment.put("AttachTime", since).put("DeleteOnTermination", true).put("Device", DEVICE);
    attachment.put("InstanceId", instance.id()).put("State", "attached");
    attachment.put("VolumeId", id(instance));
    return shown;
  }
}
