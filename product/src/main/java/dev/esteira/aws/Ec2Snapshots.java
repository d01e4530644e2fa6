package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.MachineImage;
import dev.esteira.fleet.MachineImages;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The snapshots of machine images that were made here: scripts that keep the latest images delete
 * them after the image. Others cannot be made.
 */
final class Ec2Snapshots {
  private static final int GIB = 8;

  private final MachineImages images;
  private final String account;
  private final Filters<MachineImage> filters;

  Ec2Snapshots(MachineImages images, String account) {
    this.images = images;
    this.account = account;
    this.filters =
        new Filters<MachineImage>(_ -> Map.of())
            .one("snapshot-id", Ec2Snapshots::id)
            .one("status", _ -> "completed")
            .one("progress", _ -> "100%")
            .one("owner-id", _ -> account)
            .one("encrypted", _ -> "false")
            .one("volume-size", _ -> String.valueOf(GIB))
            .one("description", Ec2Snapshots::description);
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeSnapshots", this::describe);
    operations.put("DeleteSnapshot", this::delete);
  }

  static String id(MachineImage image) {
    return "snap-" + image.id().substring("ami-".length());
  }

  private static String description(MachineImage image) {
    return "Created by CreateImage(%s) for %s".formatted(image.source().orElse(""), image.id());
  }

  private MachineImage require(String id) {
    Optional<MachineImage> found =
        images.withSnapshots().stream().filter(image -> id(image).equals(id)).findFirst();
    return found.orElseThrow(() ->
        new AwsException(
            "InvalidSnapshot.NotFound", 400, "The snapshot '" + id + "' does not exist."));
  }

  private ObjectNode describe(Call call) {
    List<String> ids = call.texts("SnapshotIds");
    List<MachineImage> all =
        ids.isEmpty() ? images.withSnapshots() : ids.stream().map(this::require).toList();
    List<String> owners = call.texts("OwnerIds");
    boolean ours = owners.isEmpty() || owners.contains("self") || owners.contains(account);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Snapshots");
    List<MachineImage> found = ours ? filters.apply(call, all) : List.of();
    Ec2.page(call, found, answer).forEach(image -> list.add(shown(image)));
    return answer;
  }

  private ObjectNode shown(MachineImage image) {
    ObjectNode shown = Json.object().put("Description", description(image));
    shown.put("Encrypted", false).put("OwnerId", account).put("Progress", "100%");
    shown.put("SnapshotId", id(image)).put("StartTime", image.createdAt().toString());
    shown.put("State", "completed").put("StorageTier", "standard");
    image.source().ifPresent(from -> shown.put("VolumeId", "vol-" + from.substring(2)));
    return shown.put("VolumeSize", GIB);
  }

  private ObjectNode delete(Call call) {
    String id = Ec2.text(call, "SnapshotId");
    MachineImage image = require(id);
    if (images.image(image.id()).isPresent()) {
      throw new AwsException(
          "InvalidSnapshot.InUse",
          400,
          "The snapshot " + id + " is currently in use by " + image.id());
    }
    images.deleteSnapshot(image.id());
    return Json.object();
  }
}
