package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.MachineImage;
import dev.esteira.fleet.MachineImages;
import dev.esteira.fleet.PublicImages;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls of EC2 for machine images. */
public final class Ec2Images extends Ec2Feature {
  private static final DateTimeFormatter CREATED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final MachineImages images;
  private final String account;
  private final Ec2InstanceIds ids;
  private final Filters<MachineImage> filters;

  public Ec2Images(Fleet fleet, Access access) {
    this.images = fleet.images();
    this.account = access.accountId();
    this.ids = new Ec2InstanceIds(fleet.instances());
    this.filters =
        new Filters<MachineImage>(MachineImage::tags)
            .one("architecture", _ -> "x86_64")
            .one("creation-date", i -> CREATED.format(i.createdAt()))
            .one("description", MachineImage::description)
            .one("ena-support", _ -> "true")
            .one("hypervisor", _ -> "xen")
            .one("image-id", MachineImage::id)
            .one("image-type", _ -> "machine")
            .one("is-public", i -> String.valueOf(i.shipped()))
            .one("name", MachineImage::name)
            .one("owner-alias", Ec2Images::alias)
            .one("owner-id", this::owner)
            .one("platform-details", _ -> "Linux/UNIX")
            .one("root-device-name", _ -> "/dev/xvda")
            .one("root-device-type", _ -> "ebs")
            .one("block-device-mapping.volume-type", _ -> "gp2")
            .one("state", MachineImage::state)
            .one("virtualization-type", _ -> "hvm");
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    operations.put("DescribeImages", this::describe);
    operations.put("CreateImage", this::create);
    operations.put("DeregisterImage", this::deregister);
    operations.put("DescribeImageAttribute", this::attribute);
    new Ec2Snapshots(images, account).addTo(operations);
    return operations;
  }

  @Override
  List<Taggable> taggables() {
    return List.of(
        new Ec2FleetTags(
            "ami-",
            "image",
            () -> {
              Map<String, Map<String, String>> all = new LinkedHashMap<>();
              images.all().forEach(i -> all.put(i.id(), i.tags()));
              return all;
            },
            Ec2Images::notFound,
            images::tag));
  }

  private static AwsException notFound(String id) {
    return new AwsException(
        "InvalidAMIID.NotFound", 400, "The image id '[" + id + "]' does not exist");
  }

  private String owner(MachineImage image) {
    return image.publisher().orElse(account);
  }

  /** The publishers of other systems have no alias, as on AWS. */
  private static String alias(MachineImage image) {
    return image.publisher().filter(PublicImages.AMAZON::equals).map(_ -> "amazon").orElse("");
  }

  private MachineImage require(String id) {
    if (!id.matches("ami-[0-9a-f]{8,17}")) {
      throw new AwsException(
          "InvalidAMIID.Malformed", 400, "Invalid id: \"" + id + "\" (expecting \"ami-...\")");
    }
    return images.image(id).orElseThrow(() -> notFound(id));
  }

  private ObjectNode describe(Call call) {
    List<MachineImage> all = new ArrayList<>();
    call.texts("ImageIds").forEach(id -> all.add(require(id)));
    if (call.texts("ImageIds").isEmpty()) {
      all.addAll(images.all());
    }
    List<String> owners = call.texts("Owners");
    List<MachineImage> owned =
        all.stream()
            .filter(image -> owners.isEmpty() || owners.stream().anyMatch(o -> owns(o, image)))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Images");
    Ec2.page(call, filters.apply(call, owned), answer).forEach(i -> list.add(shown(i)));
    return answer;
  }

  private boolean owns(String owner, MachineImage image) {
    return switch (owner) {
      case "self" -> !image.shipped();
      case "amazon" -> alias(image).equals("amazon");
      default -> owner.equals(owner(image));
    };
  }

  private ObjectNode shown(MachineImage image) {
    ObjectNode shown = Json.object().put("Architecture", "x86_64");
    shown.put("CreationDate", CREATED.format(image.createdAt())).put("ImageId", image.id());
    shown.put(
        "ImageLocation", (alias(image).isEmpty() ? owner(image) : "amazon") + "/" + image.name());
    shown.put("ImageType", "machine").put("Public", image.shipped());
    shown.put("OwnerId", owner(image)).put("PlatformDetails", "Linux/UNIX");
    shown.put("UsageOperation", "RunInstances").put("State", image.state());
    ObjectNode disk =
        shown
            .putArray("BlockDeviceMappings")
            .addObject()
            .put("DeviceName", "/dev/xvda")
            .putObject("Ebs");
    disk.put("DeleteOnTermination", true).put("SnapshotId", Ec2Snapshots.id(image));
    disk.put("VolumeSize", 8).put("VolumeType", "gp2").put("Encrypted", false);
    shown.put("Description", image.description()).put("EnaSupport", true);
    shown.put("Hypervisor", "xen").put("Name", image.name());
    if (!alias(image).isEmpty()) {
      shown.put("ImageOwnerAlias", alias(image));
    }
    shown.put("RootDeviceName", "/dev/xvda").put("RootDeviceType", "ebs");
    shown.put("VirtualizationType", "hvm");
    image.source().ifPresent(id -> shown.put("SourceInstanceId", id));
    if (!image.failure().isEmpty()) {
      shown.putObject("StateReason").put("Code", "Failed").put("Message", image.failure());
    }
    if (!image.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(image.tags()));
    }
    return shown;
  }

  private ObjectNode create(Call call) {
    Instance instance = ids.one(call);
    if (Ec2InstanceIds.ended(instance)) {
      throw Ec2InstanceIds.wrongState(instance, "imaged");
    }
    String name = Ec2.text(call, "Name");
    if (!name.matches("[a-zA-Z0-9()\\[\\] ./'@_-]{3,128}")) {
      throw new AwsException(
          "InvalidAMIName.Malformed",
          400,
          "AMI names must be between 3 and 128 characters long, and may contain letters, numbers,"
              + " '(', ')', '.', '-', '/' and '_'");
    }
    try {
      MachineImage image =
          images.create(
              instance.id(),
              name,
              call.optional("Description").orElse(""),
              Ec2Tags.specified(call, "image"));
      return Json.object().put("ImageId", image.id());
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.CONFLICT) {
        throw new AwsException("InvalidAMIName.Duplicate", 400, e.text());
      }
      throw e;
    }
  }

  private ObjectNode deregister(Call call) {
    MachineImage image = require(Ec2.text(call, "ImageId"));
    if (image.shipped()) {
      throw new AwsException(
          "AuthFailure", 403, "Not authorized for image:" + image.id() + ", which Esteira ships");
    }
    images.deregister(image.id());
    return Json.object().put("Return", true);
  }

  private ObjectNode attribute(Call call) {
    MachineImage image = require(Ec2.text(call, "ImageId"));
    ObjectNode answer = Json.object().put("ImageId", image.id());
    String attribute = Ec2.text(call, "Attribute");
    switch (attribute) {
      case "description" -> answer.putObject("Description").put("Value", image.description());
      case "launchPermission" -> {
        ArrayNode permissions = answer.putArray("LaunchPermissions");
        if (image.shipped()) {
          permissions.addObject().put("Group", "all");
        }
      }
      default -> throw Ec2.invalid("esteira does not support the attribute '" + attribute + "'");
    }
    return answer;
  }
}
