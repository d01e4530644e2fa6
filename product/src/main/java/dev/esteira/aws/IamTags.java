package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Roles;
import java.util.Map;
import java.util.TreeMap;

/** The tags of roles, instance profiles and policies. */
final class IamTags {
  private final Roles roles;
  private final IamPolicies policies;

  IamTags(Roles roles, IamPolicies policies) {
    this.roles = roles;
    this.policies = policies;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("TagRole", this::role);
    operations.put("UntagRole", this::role);
    operations.put("ListRoleTags", call -> shown(IamFeature.existing(roles, call).tags()));
    operations.put("TagInstanceProfile", this::profile);
    operations.put("UntagInstanceProfile", this::profile);
    operations.put("ListInstanceProfileTags", call -> shown(existing(call).tags()));
    operations.put("TagPolicy", this::policy);
    operations.put("UntagPolicy", this::policy);
    operations.put(
        "ListPolicyTags", call -> shown(policies.existing(call.text("PolicyArn")).tags()));
  }

  private static Map<String, String> changed(Map<String, String> before, Call call) {
    Map<String, String> next = new TreeMap<>(before);
    call.texts("TagKeys").forEach(next::remove);
    next.putAll(IamFeature.tags(call));
    return next;
  }

  private static ObjectNode shown(Map<String, String> tags) {
    ObjectNode answer = Json.object().put("IsTruncated", false);
    answer.putArray("Tags");
    IamFeature.showTags(answer, tags);
    return answer;
  }

  private ObjectNode role(Call call) {
    String name = IamFeature.existing(roles, call).name();
    roles.changeRole(name, each -> each.withTags(changed(each.tags(), call)));
    return Json.object();
  }

  private Roles.Profile existing(Call call) {
    String name = call.text("InstanceProfileName");
    return roles
        .profile(name)
        .orElseThrow(() -> IamFeature.missing("Instance Profile " + name + " cannot be found."));
  }

  private ObjectNode profile(Call call) {
    String name = existing(call).name();
    roles.changeProfile(name, each -> each.withTags(changed(each.tags(), call)));
    return Json.object();
  }

  private ObjectNode policy(Call call) {
    String name = policies.existing(call.text("PolicyArn")).name();
    roles.changePolicy(name, each -> each.withTags(changed(each.tags(), call)));
    return Json.object();
  }
}
