package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Roles;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Policies in IAM's words: a role's own, and those of the account or of AWS by their ARNs. */
final class IamPolicies {
  private static final String OF_AWS = "arn:aws:iam::aws:policy/";

  private final Roles roles;
  private final String account;
  private final InstantSource clock;

  IamPolicies(Roles roles, String account, InstantSource clock) {
    this.roles = roles;
    this.account = account;
    this.clock = clock;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("PutRolePolicy", this::put);
    operations.put("GetRolePolicy", this::get);
    operations.put("ListRolePolicies", this::list);
    operations.put("DeleteRolePolicy", this::remove);
    operations.put("AttachRolePolicy", this::attach);
    operations.put("DetachRolePolicy", this::detach);
    operations.put("ListAttachedRolePolicies", this::attached);
    operations.put("CreatePolicy", this::create);
    operations.put("GetPolicy", call -> shown(existing(call.text("PolicyArn"))));
    operations.put("ListPolicies", this::policies);
    operations.put("DeletePolicy", this::delete);
  }

  private ObjectNode put(Call call) {
    Roles.Role role = IamFeature.existing(roles, call);
    String name = IamFeature.name(call, "PolicyName");
    String document = IamFeature.document(call, "PolicyDocument");
    roles.changeRole(
        role.name(),
        each -> {
          Map<String, String> next = new TreeMap<>(each.inline());
          next.put(name, document);
          return each.withInline(next);
        });
    return Json.object();
  }

  private ObjectNode get(Call call) {
    Roles.Role role = IamFeature.existing(roles, call);
    String name = call.text("PolicyName");
    String document = role.inline().get(name);
    if (document == null) {
      throw IamFeature.missing("The role policy with name " + name + " cannot be found.");
    }
    return Json.object()
        .put("RoleName", role.name())
        .put("PolicyName", name)
        .put("PolicyDocument", IamFeature.encoded(document));
  }

  private ObjectNode list(Call call) {
    ObjectNode answer = Json.object().put("IsTruncated", false);
    ArrayNode names = answer.putArray("PolicyNames");
    IamFeature.existing(roles, call).inline().keySet().forEach(names::add);
    return answer;
  }

  private ObjectNode remove(Call call) {
    String name = call.text("PolicyName");
    var _ = get(call);
    roles.changeRole(
        call.text("RoleName"),
        each -> {
          Map<String, String> next = new TreeMap<>(each.inline());
          next.remove(name);
          return each.withInline(next);
        });
    return Json.object();
  }

  private ObjectNode attach(Call call) {
    Roles.Role role = IamFeature.existing(roles, call);
    String arn = call.text("PolicyArn");
    if (!arn.startsWith(OF_AWS)) {
      var _ = existing(arn);
    }
    List<String> next = new ArrayList<>(role.attached());
    if (!next.contains(arn)) {
      next.add(arn);
    }
    roles.changeRole(role.name(), each -> each.withAttached(next));
    return Json.object();
  }

  private ObjectNode detach(Call call) {
    Roles.Role role = IamFeature.existing(roles, call);
    String arn = call.text("PolicyArn");
    List<String> next = new ArrayList<>(role.attached());
    if (!next.remove(arn)) {
      throw IamFeature.missing("Policy " + arn + " was not found.");
    }
    roles.changeRole(role.name(), each -> each.withAttached(next));
    return Json.object();
  }

  private ObjectNode attached(Call call) {
    ObjectNode answer = Json.object().put("IsTruncated", false);
    ArrayNode list = answer.putArray("AttachedPolicies");
    for (String arn : IamFeature.existing(roles, call).attached()) {
      list.addObject()
          .put("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
          .put("PolicyArn", arn);
    }
    return answer;
  }

  private ObjectNode create(Call call) {
    Roles.Policy policy =
        new Roles.Policy(
            IamFeature.name(call, "PolicyName"),
            call.optional("Path").orElse("/"),
            call.optional("Description").orElse(""),
            IamFeature.document(call, "PolicyDocument"),
            clock.instant(),
            IamFeature.tags(call));
    roles.create(policy);
    return shown(policy);
  }

  private String arn(Roles.Policy policy) {
    return Arns.iam(account, "policy" + policy.path() + policy.name());
  }

  Roles.Policy existing(String arn) {
    return roles
        .policy(arn.substring(arn.lastIndexOf('/') + 1))
        .filter(policy -> arn(policy).equals(arn))
        .orElseThrow(
            () -> IamFeature.missing("Policy " + arn + " does not exist or is not attachable."));
  }

  private long users(String arn) {
    return roles.roles().stream().filter(role -> role.attached().contains(arn)).count();
  }

  private ObjectNode shown(Roles.Policy policy) {
    ObjectNode answer = Json.object();
    answer.set("Policy", policy(policy));
    return answer;
  }

  private ObjectNode policy(Roles.Policy policy) {
    String arn = arn(policy);
    ObjectNode shown = Json.object();
    IamFeature.showTags(shown, policy.tags());
    return shown
        .put("PolicyName", policy.name())
        .put("PolicyId", Arns.iamId("ANPA", policy.name()))
        .put("Arn", arn)
        .put("Path", policy.path())
        .put("DefaultVersionId", "v" + policy.current())
        .put("AttachmentCount", users(arn))
        .put("IsAttachable", true)
        .put("Description", policy.description())
        .put("CreateDate", policy.createdAt().toString())
        .put("UpdateDate", policy.versions().getLast().createdAt().toString());
  }

  /** Those of the account; those of AWS are not listed. */
  private ObjectNode policies(Call call) {
    ObjectNode answer = Json.object().put("IsTruncated", false);
    ArrayNode list = answer.putArray("Policies");
    if (!call.optional("Scope").orElse("All").equals("AWS")) {
      roles.policies().forEach(each -> list.add(policy(each)));
    }
    return answer;
  }

  private ObjectNode delete(Call call) {
    String arn = call.text("PolicyArn");
    Roles.Policy policy = existing(arn);
    if (users(arn) > 0) {
      throw IamFeature.inUse("Cannot delete a policy attached to entities.");
    }
    if (policy.versions().size() > 1) {
      throw IamFeature.inUse("This policy has more than one version.");
    }
    roles.deletePolicy(policy.name());
    return Json.object();
  }
}
