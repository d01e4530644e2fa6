package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.fleet.Profiles;
import java.util.Map;
import java.util.Optional;

/** Which instance profile an instance has, and that it gets another one while it runs. */
final class Ec2InstanceProfiles {
  private static final String PREFIX = "iip-assoc-";
  private static final Filters<Instance> FILTERS =
      new Filters<Instance>(Instance::tags)
          .one("instance-id", Instance::id)
          .one("state", _ -> "associated");

  private final LiveInstances instances;
  private final Ec2InstanceIds ids;
  private final String account;

  Ec2InstanceProfiles(LiveInstances instances, Ec2InstanceIds ids, String account) {
    this.instances = instances;
    this.ids = ids;
    this.account = account;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeIamInstanceProfileAssociations", this::describe);
    operations.put("AssociateIamInstanceProfile", this::associate);
    operations.put("ReplaceIamInstanceProfileAssociation", this::replace);
    operations.put("DisassociateIamInstanceProfile", this::disassociate);
  }

  private static Optional<String> profile(Instance instance) {
    return Ec2InstanceIds.ended(instance)
        ? Optional.empty()
        : instance.template().instanceProfile();
  }

  /** A name or an ARN of a call's {@code IamInstanceProfile}. */
  static Optional<String> named(JsonNode profile) {
    return Optional.of(profile.path("Name").asText(profile.path("Arn").asText("")))
        .filter(name -> !name.isEmpty());
  }

  private ObjectNode describe(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("IamInstanceProfileAssociations");
    for (Instance each : FILTERS.apply(call, instances.all())) {
      profile(each).ifPresent(name -> list.add(shown(each.id(), name, "associated")));
    }
    return answer;
  }

  private ObjectNode shown(String id, String nameOrArn, String state) {
    String name = Profiles.nameOf(nameOrArn);
    ObjectNode shown = Json.object().put("AssociationId", PREFIX + id.substring(2));
    shown.put("InstanceId", id).put("State", state);
    shown
        .putObject("IamInstanceProfile")
        .put("Arn", Profiles.arn(account, name))
        .put("Id", Profiles.id(name));
    return shown;
  }

  private ObjectNode answer(String id, String name, String state) {
    ObjectNode answer = Json.object();
    answer.set("IamInstanceProfileAssociation", shown(id, name, state));
    return answer;
  }

  private ObjectNode associate(Call call) {
    Instance instance = ids.one(call);
    if (profile(instance).isPresent()) {
      throw new AwsException(
          "IncorrectState", 400, "There is an existing association for instance " + instance.id());
    }
    return bring(instance.id(), call);
  }

  private ObjectNode bring(String id, Call call) {
    String name =
        named(call.input().path("IamInstanceProfile"))
            .orElseThrow(() -> Ec2.missing("IamInstanceProfile"));
    try {
      instances.profile(id, Optional.of(name));
    } catch (EsteiraException e) {
      throw Ec2RunInstances.ofLaunch(e);
    }
    return answer(id, name, "associating");
  }

  private Instance associated(Call call) {
    String association = call.text("AssociationId");
    return instances
        .instance(association.replaceFirst("^" + PREFIX, "i-"))
        .filter(instance -> profile(instance).isPresent())
        .orElseThrow(() ->
            new AwsException(
                "InvalidAssociationID.NotFound",
                400,
                "The association ID '" + association + "' does not exist"));
  }

  private ObjectNode replace(Call call) {
    return bring(associated(call).id(), call);
  }

  private ObjectNode disassociate(Call call) {
    Instance instance = associated(call);
    instances.profile(instance.id(), Optional.empty());
    return answer(instance.id(), profile(instance).orElseThrow(), "disassociating");
  }
}
