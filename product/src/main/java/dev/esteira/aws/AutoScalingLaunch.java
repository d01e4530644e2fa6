package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.LaunchConfigurations.Configuration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Launch configurations in the words of the Auto Scaling API. */
final class AutoScalingLaunch {
  private static final int USER_DATA_CHARS_MAX = 21_848;

  private final Groups groups;
  private final String account;

  AutoScalingLaunch(Groups groups, String account) {
    this.groups = groups;
    this.account = account;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateLaunchConfiguration", this::create);
    operations.put("DescribeLaunchConfigurations", this::describe);
    operations.put("DeleteLaunchConfiguration", this::delete);
  }

  private ObjectNode create(Call call) {
    String name = call.text("LaunchConfigurationName");
    if (call.optional("SpotPrice").isPresent()) {
      throw AutoScaling.unsupported("SpotPrice");
    }
    Configuration wanted =
        call.optional("InstanceId").isPresent() ? copied(call, name) : asked(call, name);
    try {
      groups.launchConfigurations().create(wanted);
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.CONFLICT ? new AwsException("AlreadyExists", 400, e.text()) : e;
    }
    return AutoScaling.nothing();
  }

  private Configuration asked(Call call, String name) {
    String image =
        call.optional("ImageId")
            .orElseThrow(() ->
                AutoScaling.invalid(
                    "Valid requests must contain either the InstanceID parameter"
                        + " or both the ImageId and InstanceType parameters."));
    String type =
        call.optional("InstanceType")
            .orElseThrow(() ->
                AutoScaling.invalid(
                    "Valid requests must contain either the InstanceID parameter"
                        + " or both the ImageId and InstanceType parameters."));
    String userData = call.optional("UserData").orElse("");
    if (userData.length() > USER_DATA_CHARS_MAX) {
      throw AutoScaling.invalid("User data is limited to 16384 bytes");
    }
    return new Configuration(
        name,
        Arns.uuid(name + Instant.EPOCH),
        image,
        type,
        call.optional("KeyName").orElse(""),
        call.texts("SecurityGroups"),
        userData,
        call.optional("IamInstanceProfile").orElse(""),
        call.input().path("MetadataOptions").path("HttpTokens").asText("").equals("required"),
        AutoScaling.truth(call, "AssociatePublicIpAddress"),
        call.input().path("InstanceMonitoring").path("Enabled").asBoolean(true),
        groups.now());
  }

  /** Made like a running instance, with what the call says otherwise. */
  private Configuration copied(Call call, String name) {
    String id = call.text("InstanceId");
    var instance =
        groups.instance(id).orElseThrow(() -> AutoScaling.invalid("Invalid instance ID: " + id));
    var like = instance.template();
    return new Configuration(
        name,
        Arns.uuid(name + Instant.EPOCH),
        call.optional("ImageId").orElse(like.imageId()),
        call.optional("InstanceType").orElse(like.instanceType()),
        call.optional("KeyName").orElse(like.keyName().orElse("")),
        call.input().has("SecurityGroups")
            ? call.texts("SecurityGroups")
            : like.network().securityGroupIds(),
        call.optional("UserData")
            .orElse(java.util.Base64.getEncoder().encodeToString(like.userData())),
        call.optional("IamInstanceProfile").orElse(like.instanceProfile().orElse("")),
        like.metadataTokensRequired(),
        Optional.empty(),
        true,
        groups.now());
  }

  private ObjectNode describe(Call call) {
    List<String> names = call.texts("LaunchConfigurationNames");
    List<Configuration> found =
        groups.launchConfigurations().all().stream()
            .filter(each -> names.isEmpty() || names.contains(each.name()))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LaunchConfigurations");
    AutoScaling.page(call, found, answer).forEach(each -> list.add(shown(call, each)));
    return answer;
  }

  private ObjectNode shown(Call call, Configuration each) {
    ObjectNode shown = Json.object();
    shown.put("LaunchConfigurationName", each.name());
    shown.put(
        "LaunchConfigurationARN",
        "arn:aws:autoscaling:%s:%s:launchConfiguration:%s:launchConfigurationName/%s"
            .formatted(call.caller().region(), account, each.id(), each.name()));
    shown.put("ImageId", each.imageId());
    shown.put("KeyName", each.keyName());
    each.securityGroups().forEach(shown.putArray("SecurityGroups")::add);
    shown.putArray("ClassicLinkVPCSecurityGroups");
    shown.put("UserData", each.userData());
    shown.put("InstanceType", each.instanceType());
    shown.put("KernelId", "");
    shown.put("RamdiskId", "");
    shown.putArray("BlockDeviceMappings");
    shown.putObject("InstanceMonitoring").put("Enabled", each.monitoring());
    if (!each.instanceProfile().isEmpty()) {
      shown.put("IamInstanceProfile", each.instanceProfile());
    }
    shown.put("CreatedTime", each.createdAt().toString());
    shown.put("EbsOptimized", false);
    each.publicAddress().ifPresent(on -> shown.put("AssociatePublicIpAddress", on));
    if (each.tokensRequired()) {
      shown
          .putObject("MetadataOptions")
          .put("HttpTokens", "required")
          .put("HttpPutResponseHopLimit", 1)
          .put("HttpEndpoint", "enabled");
    }
    return shown;
  }

  private ObjectNode delete(Call call) {
    try {
      groups.launchConfigurations().delete(call.text("LaunchConfigurationName"));
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.CONFLICT ? new AwsException("ResourceInUse", 400, e.text()) : e;
    }
    return AutoScaling.nothing();
  }
}
