package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.InstanceTypes;
import dev.esteira.fleet.Instances;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.LiveInstances;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be asked and changed about one instance. */
final class Ec2InstanceAttributes {
  private final LiveInstances instances;
  private final Ec2InstanceIds ids;
  private final Ec2InstanceShape shape;

  Ec2InstanceAttributes(LiveInstances instances, Ec2InstanceIds ids, Ec2InstanceShape shape) {
    this.instances = instances;
    this.ids = ids;
    this.shape = shape;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeInstanceAttribute", this::describe);
    operations.put("ModifyInstanceAttribute", this::modify);
    operations.put("ModifyInstanceMetadataOptions", this::metadata);
  }

  private ObjectNode describe(Call call) {
    Instance instance = ids.one(call);
    LiveInstances.Setup setup = instances.setup(instance.id());
    String attribute = Ec2.text(call, "Attribute");
    ObjectNode answer = Json.object().put("InstanceId", instance.id());
    switch (attribute) {
      case "instanceType" -> value(answer, "InstanceType", instance.template().instanceType());
      case "userData" -> {
        byte[] data = instance.template().userData();
        ObjectNode shown = answer.putObject("UserData");
        if (data.length > 0) {
          shown.put("Value", Base64.getEncoder().encodeToString(data));
        }
      }
      case "disableApiTermination" ->
          value(answer, "DisableApiTermination", setup.terminationProtected());
      case "disableApiStop" -> value(answer, "DisableApiStop", false);
      case "instanceInitiatedShutdownBehavior" ->
          value(
              answer,
              "InstanceInitiatedShutdownBehavior",
              setup.endsOnShutdown() ? "terminate" : "stop");
      case "rootDeviceName" -> value(answer, "RootDeviceName", "/dev/xvda");
      case "groupSet" -> answer.set("Groups", shape.groups(instance));
      case "sourceDestCheck" -> value(answer, "SourceDestCheck", true);
      case "ebsOptimized" -> value(answer, "EbsOptimized", false);
      case "enaSupport" -> value(answer, "EnaSupport", true);
      case "sriovNetSupport" -> value(answer, "SriovNetSupport", "simple");
      case "kernel" -> answer.putObject("KernelId");
      case "ramdisk" -> answer.putObject("RamdiskId");
      case "productCodes" -> answer.putArray("ProductCodes");
      case "enclaveOptions" -> answer.putObject("EnclaveOptions").put("Enabled", false);
      case "blockDeviceMapping" ->
          answer.set("BlockDeviceMappings", shape.instance(instance).path("BlockDeviceMappings"));
      default -> throw Ec2.invalid("Value (" + attribute + ") for parameter attribute is invalid.");
    }
    return answer;
  }

  private static void value(ObjectNode answer, String name, String value) {
    answer.putObject(name).put("Value", value);
  }

  private static void value(ObjectNode answer, String name, boolean value) {
    answer.putObject(name).put("Value", value);
  }

  /** {@code Attribute} and {@code Value}, or the attribute's own member. */
  private static Optional<String> asked(Call call, String member, String attribute) {
    JsonNode own = call.input().path(member);
    if (own.has("Value")) {
      return Optional.of(own.path("Value").asText());
    }
    return call.optional("Attribute").orElse("").equals(attribute)
        ? call.optional("Value")
        : Optional.empty();
  }

  private ObjectNode modify(Call call) {
    Instance instance = ids.one(call);
    String id = instance.id();
    List<String> groups = new ArrayList<>(call.texts("Groups"));
    if (!groups.isEmpty()) {
      try {
        instances.secure(id, groups);
      } catch (EsteiraException e) {
        throw Ec2RunInstances.ofLaunch(e);
      }
    }
    LiveInstances.Setup setup = instances.setup(id);
    LiveInstances.Setup now = setup;
    Optional<String> keep = asked(call, "DisableApiTermination", "disableApiTermination");
    if (keep.isPresent()) {
      now = now.protectedFromTermination(Boolean.parseBoolean(keep.get()));
    }
    Optional<String> behaviour =
        asked(call, "InstanceInitiatedShutdownBehavior", "instanceInitiatedShutdownBehavior");
    if (behaviour.isPresent()) {
      now = now.endingOnShutdown(behaviour.get().equals("terminate"));
    }
    if (!now.equals(setup)) {
      instances.set(id, now);
    }
    asked(call, "InstanceType", "instanceType").ifPresent(type -> retype(instance, type));
    asked(call, "UserData", "userData").ifPresent(data -> reload(instance, data));
    return Json.object();
  }

  private void retype(Instance instance, String type) {
    if (InstanceTypes.find(type).isEmpty()) {
      throw Ec2.invalid("Invalid value '" + type + "' for InstanceType.");
    }
    redo(instance, type, instance.template().userData(), "instanceType");
  }

  private void reload(Instance instance, String data) {
    byte[] decoded = Ec2RunInstances.userData(data);
    redo(instance, instance.template().instanceType(), decoded, "userData");
  }

  private void redo(Instance instance, String type, byte[] userData, String attribute) {
    if (instance.state() != State.STOPPED) {
      throw new AwsException(
          "IncorrectInstanceState",
          400,
          "The instance '%s' is not in the 'stopped' state: its attribute %s cannot be changed."
              .formatted(instance.id(), attribute));
    }
    Instances.Template now = instance.template();
    instances.redo(
        instance.id(),
        new Instances.Template(
            now.imageId(),
            type,
            now.keyName(),
            userData,
            now.instanceProfile(),
            now.metadataTokensRequired(),
            now.network()));
  }

  private ObjectNode metadata(Call call) {
    Instance instance = ids.one(call);
    LiveInstances.Setup setup = instances.setup(instance.id());
    Optional<String> tokens = call.optional("HttpTokens");
    if (tokens.isPresent()) {
      setup = setup.requiringTokens(tokens.get().equals("required"));
    }
    setup = setup.withHopLimit(call.number("HttpPutResponseHopLimit", setup.hopLimit()));
    instances.set(instance.id(), setup);
    ObjectNode answer = Json.object().put("InstanceId", instance.id());
    answer.set("InstanceMetadataOptions", Ec2InstanceShape.metadata(setup, instance));
    return answer;
  }
}
