package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Profiles;
import dev.esteira.fleet.Roles;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Instance profiles in IAM's words. */
final class IamProfiles {
  private final Roles roles;
  private final String account;
  private final InstantSource clock;

  IamProfiles(Roles roles, String account, InstantSource clock) {
    this.roles = roles;
    this.account = account;
    this.clock = clock;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateInstanceProfile", this::create);
    operations.put("GetInstanceProfile", call -> shown(existing(call)));
    operations.put("ListInstanceProfiles", _ -> list(roles.profiles()));
    operations.put("ListInstanceProfilesForRole", this::listForRole);
    operations.put("AddRoleToInstanceProfile", this::add);
    operations.put("RemoveRoleFromInstanceProfile", this::remove);
    operations.put("DeleteInstanceProfile", this::delete);
  }

  private ObjectNode create(Call call) {
    Roles.Profile profile =
        new Roles.Profile(
            IamFeature.name(call, "InstanceProfileName"),
            call.optional("Path").orElse("/"),
            clock.instant(),
            Optional.empty(),
            IamFeature.tags(call));
    roles.create(profile);
    return shown(profile);
  }

  private ObjectNode shown(Roles.Profile profile) {
    ObjectNode answer = Json.object();
    answer.set("InstanceProfile", profile(profile));
    return answer;
  }

  private ObjectNode profile(Roles.Profile profile) {
    ObjectNode shown = Json.object().put("Path", profile.path());
    shown.put("InstanceProfileName", profile.name());
    shown.put("InstanceProfileId", Profiles.id(profile.name()));
    shown.put("Arn", Arns.iam(account, "instance-profile" + profile.path() + profile.name()));
    shown.put("CreateDate", profile.createdAt().toString());
    ArrayNode held = shown.putArray("Roles");
    profile.role().flatMap(roles::role).ifPresent(role -> held.add(IamFeature.role(account, role)));
    IamFeature.showTags(shown, profile.tags());
    return shown;
  }

  private Roles.Profile existing(Call call) {
    String name = call.text("InstanceProfileName");
    return roles
        .profile(name)
        .orElseThrow(() -> IamFeature.missing("Instance Profile " + name + " cannot be found."));
  }

  private ObjectNode list(List<Roles.Profile> profiles) {
    ObjectNode answer = Json.object().put("IsTruncated", false);
    ArrayNode list = answer.putArray("InstanceProfiles");
    profiles.forEach(each -> list.add(profile(each)));
    return answer;
  }

  private ObjectNode listForRole(Call call) {
    Optional<String> role = Optional.of(IamFeature.existing(roles, call).name());
    return list(roles.profiles().stream().filter(each -> each.role().equals(role)).toList());
  }

  private ObjectNode add(Call call) {
    Roles.Profile profile = existing(call);
    String role = IamFeature.existing(roles, call).name();
    if (profile.role().isPresent()) {
      throw new AwsException(
          "LimitExceeded", 409, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    }
    roles.changeProfile(profile.name(), each -> each.holding(Optional.of(role)));
    return Json.object();
  }

  private ObjectNode remove(Call call) {
    Roles.Profile profile = existing(call);
    String role = call.text("RoleName");
    if (!profile.role().equals(Optional.of(role))) {
      throw IamFeature.missing("The role with name " + role + " cannot be found.");
    }
    roles.changeProfile(profile.name(), each -> each.holding(Optional.empty()));
    return Json.object();
  }

  private ObjectNode delete(Call call) {
    Roles.Profile profile = existing(call);
    if (profile.role().isPresent()) {
      throw IamFeature.inUse(
          "Cannot delete entity, must remove roles from instance profile first.");
    }
    roles.deleteProfile(profile.name());
    return Json.object();
  }
}
