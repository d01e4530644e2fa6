package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.InstanceTypes;
import dev.esteira.fleet.Instances;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.fleet.MachineImages;
import dev.esteira.fleet.PublicImages;
import dev.esteira.fleet.RootDisk;
import dev.esteira.net.vpc.CloudRefusal;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.SecurityGroup;
import dev.esteira.net.vpc.Vpc;
import dev.esteira.net.vpc.Vpcs;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** RunInstances: from the call's many members to launches. */
final class Ec2RunInstances {
  private static final int COUNT_MAX = 100;
  private static final int USER_DATA_BYTES_MAX = 16_384;
  private static final String FROM_PARAMETER = "resolve:ssm:";

  private final Fleet fleet;
  private final Clouds clouds;
  private final String account;
  private final Ec2InstanceShape shape;
  private final LaunchTemplateSource templates;

  Ec2RunInstances(
      Fleet fleet,
      Clouds clouds,
      String account,
      Ec2InstanceShape shape,
      LaunchTemplateSource templates) {
    this.fleet = fleet;
    this.clouds = clouds;
    this.account = account;
    this.shape = shape;
    this.templates = templates;
  }

  ObjectNode run(Call called) {
    Call call = withTemplate(called);
    int most = count(call, "MaxCount");
    int least = count(call, "MinCount");
    if (least > most || least < 1 || most > COUNT_MAX) {
      throw Ec2.invalid(
          "Value ( %d ) for parameter minCount is invalid. Count must be from 1 to maxCount"
              .formatted(least));
    }
    Instances.Template template = template(call);
    Map<String, String> tags = Ec2Tags.specified(call, "instance");
    String token =
        call.optional("ClientToken").filter(t -> !t.isEmpty()).orElseGet(() -> Ids.random(32));
    List<Instances.Instance> made = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      Instances.Launch launch =
          new Instances.Launch("user/" + token + "#" + i, "user", template, tags);
      try {
        made.add(fleet.instances().launch(launch, settings(call)));
      } catch (EsteiraException e) {
        made.forEach(i0 -> fleet.instances().terminate(i0.id(), "Server.InternalError: undone"));
        throw ofLaunch(e);
      }
    }
    ObjectNode answer = Json.object().put("ReservationId", made.getFirst().reservationId());
    answer.put("OwnerId", account).putArray("Groups");
    ArrayNode list = answer.putArray("Instances");
    made.forEach(instance -> list.add(shape.instance(instance)));
    return answer;
  }

  private static int count(Call call, String member) {
    return call.optional(member).map(Integer::parseInt).orElse(1);
  }

  /** What the call says goes before what its launch template says. */
  private Call withTemplate(Call call) {
    JsonNode named = call.input().path("LaunchTemplate");
    if (named.isEmpty()) {
      return call;
    }
    ObjectNode merged = templates.data(named).deepCopy();
    merged.setAll(call.input());
    return new Call(call.caller(), call.operation(), merged);
  }

  static AwsException ofLaunch(EsteiraException e) {
    if (e.getCause() instanceof CloudRefusal refusal) {
      return new AwsException(refusal.code(), 400, refusal.text());
    }
    return switch (e.code()) {
      case LIMIT -> new AwsException("InstanceLimitExceeded", 400, e.text());
      default -> Ec2.invalid(e.text());
    };
  }

  private Instances.Template template(Call call) {
    String image = image(call.optional("ImageId").orElseThrow(() -> Ec2.missing("ImageId")));
    String type = call.optional("InstanceType").orElse("m1.small");
    if (InstanceTypes.find(type).isEmpty()) {
      throw Ec2.invalid("Invalid value '" + type + "' for InstanceType.");
    }
    Optional<String> key = call.optional("KeyName").filter(name -> !name.isEmpty());
    key.ifPresent(name -> {
      if (fleet.keyPairs().pair(name).isEmpty()) {
        throw new AwsException(
            "InvalidKeyPair.NotFound", 400, "The key pair '" + name + "' does not exist");
      }
    });
    return new Instances.Template(
        image,
        type,
        key,
        userData(call.optional("UserData").orElse("")),
        Ec2InstanceProfiles.named(call.input().path("IamInstanceProfile")),
        call.input().path("MetadataOptions").path("HttpTokens").asText().equals("required"),
        network(call));
  }

  private String image(String asked) {
    if (asked.startsWith(FROM_PARAMETER)) {
      return PublicImages.parameters()
          .getOrDefault(asked.substring(FROM_PARAMETER.length()), MachineImages.SHIPPED_ID);
    }
    if (!asked.matches("ami-[0-9a-f]{8,17}")) {
      throw new AwsException(
          "InvalidAMIID.Malformed", 400, "Invalid id: \"" + asked + "\" (expecting \"ami-...\")");
    }
    if (fleet.images().image(asked).isEmpty()) {
      throw new AwsException(
          "InvalidAMIID.NotFound", 400, "The image id '[" + asked + "]' does not exist");
    }
    return asked;
  }

  static byte[] userData(String encoded) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(encoded);
      if (bytes.length > USER_DATA_BYTES_MAX) {
        throw Ec2.invalid("User data is limited to " + USER_DATA_BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw Ec2.invalid("Invalid BASE64 encoding of user data.");
    }
  }

  /** The first interface stands for the instance's; its members are those of the call itself. */
  private Vpcs.Wanted network(Call call) {
    JsonNode card = call.input().path("NetworkInterfaces").path(0);
    List<String> groups = new ArrayList<>(call.texts("SecurityGroupIds"));
    card.path("Groups").forEach(id -> groups.add(id.asText()));
    call.texts("SecurityGroups").forEach(name -> groups.add(groupId(name)));
    return new Vpcs.Wanted(
        call.optional("SubnetId").or(() -> text(card, "SubnetId")),
        groups,
        call.optional("PrivateIpAddress").or(() -> text(card, "PrivateIpAddress")),
        text(call.input().path("Placement"), "AvailabilityZone"));
  }

  private static Optional<String> text(JsonNode node, String member) {
    return Optional.of(node.path(member).asText("")).filter(text -> !text.isEmpty());
  }

  private String groupId(String name) {
    String vpc = clouds.now().defaultVpc().map(Vpc::id).orElse("");
    return clouds.now().groups().values().stream()
        .filter(group -> group.vpcId().equals(vpc) && group.name().equals(name))
        .map(SecurityGroup::id)
        .findFirst()
        .orElseThrow(() ->
            new AwsException(
                "InvalidGroup.NotFound",
                400,
                "The security group '" + name + "' does not exist in default VPC '" + vpc + "'"));
  }

  private UnaryOperator<LiveInstances.Setup> settings(Call call) {
    JsonNode asked =
        call.input().path("NetworkInterfaces").path(0).path("AssociatePublicIpAddress");
    boolean ends =
        call.optional("InstanceInitiatedShutdownBehavior").orElse("stop").equals("terminate");
    boolean stays = call.flag("DisableApiTermination");
    RootDisk disk = Ec2RootDisks.asked(call);
    JsonNode hops = call.input().path("MetadataOptions").path("HttpPutResponseHopLimit");
    return usual -> {
      LiveInstances.Setup setup =
          usual
              .endingOnShutdown(ends)
              .protectedFromTermination(stays)
              .on(disk)
              .withHopLimit(hops.asInt(usual.hopLimit()));
      return asked instanceof MissingNode ? setup : setup.withPublicAddress(asked.asBoolean());
    };
  }
}
