package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Groups;
import java.util.Base64;
import java.util.List;

/** What launch templates say of the instances that they make. */
final class Ec2TemplateData {
  /** What no instance here could be, so that nobody believes it was. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "InstanceMarketOptions",
          "ElasticGpuSpecifications",
          "ElasticInferenceAccelerators",
          "InstanceRequirements",
          "EnclaveOptions");

  private final Groups groups;

  Ec2TemplateData(Groups groups) {
    this.groups = groups;
  }

  /** Data that instances here can follow. */
  static ObjectNode checked(JsonNode data) {
    for (String member : UNSUPPORTED) {
      if (data.has(member)) {
        throw new AwsException(
            "UnsupportedOperation",
            400,
            "esteira does not support " + member + " of launch templates yet");
      }
    }
    try {
      Base64.getMimeDecoder().decode(data.path("UserData").asText(""));
    } catch (IllegalArgumentException e) {
      throw new AwsException(
          "InvalidUserData.Malformed", 400, "Invalid BASE64 encoding of user data.");
    }
    return data instanceof ObjectNode object ? object : Json.object();
  }

  /** What a template would say that makes instances like this one. */
  ObjectNode like(Call call) {
    String id = Ec2.text(call, "InstanceId");
    var like =
        groups
            .instance(id)
            .orElseThrow(() ->
                new AwsException(
                    "InvalidInstanceID.NotFound",
                    400,
                    "The instance ID '" + id + "' does not exist"))
            .template();
    ObjectNode data = Json.object();
    data.put("ImageId", like.imageId()).put("InstanceType", like.instanceType());
    like.keyName().ifPresent(name -> data.put("KeyName", name));
    if (like.userData().length > 0) {
      data.put("UserData", Base64.getEncoder().encodeToString(like.userData()));
    }
    like.instanceProfile()
        .ifPresent(name -> data.putObject("IamInstanceProfile").put("Name", name));
    like.network().securityGroupIds().forEach(data.withArray("SecurityGroupIds")::add);
    if (like.metadataTokensRequired()) {
      data.putObject("MetadataOptions").put("HttpTokens", "required");
    }
    return Ec2TemplateShape.answer("LaunchTemplateData", data);
  }
}
