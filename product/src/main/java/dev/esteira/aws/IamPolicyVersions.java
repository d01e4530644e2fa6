package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Roles;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The versions of the account's policies, and who uses a policy. */
final class IamPolicyVersions {
  /** As on AWS. */
  private static final int VERSIONS_MAX = 5;

  private final Roles roles;
  private final IamPolicies policies;
  private final InstantSource clock;

  IamPolicyVersions(Roles roles, IamPolicies policies, InstantSource clock) {
    this.roles = roles;
    this.policies = policies;
    this.clock = clock;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreatePolicyVersion", this::create);
    operations.put("GetPolicyVersion", this::get);
    operations.put("ListPolicyVersions", this::list);
    operations.put("SetDefaultPolicyVersion", this::setDefault);
    operations.put("DeletePolicyVersion", this::delete);
    operations.put("ListEntitiesForPolicy", this::users);
  }

  private Roles.Policy policy(Call call) {
    return policies.existing(call.text("PolicyArn"));
  }

  private ObjectNode create(Call call) {
    Roles.Policy policy = policy(call);
    String document = IamFeature.document(call, "PolicyDocument");
    if (policy.versions().size() >= VERSIONS_MAX) {
      throw new AwsException(
          "LimitExceeded",
          409,
          "A managed policy can have up to 5 versions. Before you create a new version, you must"
              + " delete an existing version.");
    }
    boolean now = call.flag("SetAsDefault");
    roles.changePolicy(policy.name(), each -> each.adding(document, clock.instant(), now));
    Roles.Policy after = policy(call);
    ObjectNode answer = Json.object();
    answer.set("PolicyVersion", shown(after, after.versions().getLast()));
    return answer;
  }

  private static ObjectNode shown(Roles.Policy policy, Roles.PolicyVersion version) {
    return Json.object()
        .put("VersionId", "v" + version.number())
        .put("IsDefaultVersion", version.number() == policy.current())
        .put("CreateDate", version.createdAt().toString());
  }

  private static Roles.PolicyVersion version(Roles.Policy policy, Call call) {
    String id = call.text("VersionId");
    return (id.matches("v[1-9][0-9]{0,8}")
            ? policy.version(Integer.parseInt(id.substring(1)))
            : java.util.Optional.<Roles.PolicyVersion>empty())
        .orElseThrow(() ->
            IamFeature.missing(
                "Policy " + call.text("PolicyArn") + " version " + id + " does not exist."));
  }

  private ObjectNode get(Call call) {
    Roles.Policy policy = policy(call);
    Roles.PolicyVersion version = version(policy, call);
    ObjectNode answer = Json.object();
    answer.set(
        "PolicyVersion",
        shown(policy, version).put("Document", IamFeature.encoded(version.document())));
    return answer;
  }

  private ObjectNode list(Call call) {
    Roles.Policy policy = policy(call);
    ObjectNode answer = Json.object().put("IsTruncated", false);
    ArrayNode list = answer.putArray("Versions");
    List<Roles.PolicyVersion> all = policy.versions();
    all.reversed().forEach(version -> list.add(shown(policy, version)));
    return answer;
  }

  private ObjectNode setDefault(Call call) {
    Roles.Policy policy = policy(call);
    Roles.PolicyVersion version = version(policy, call);
    roles.changePolicy(policy.name(), each -> each.by(version));
    return Json.object();
  }

  private ObjectNode delete(Call call) {
    Roles.Policy policy = policy(call);
    Roles.PolicyVersion version = version(policy, call);
    if (version.number() == policy.current()) {
      throw IamFeature.inUse("Cannot delete the default version of a policy.");
    }
    roles.changePolicy(policy.name(), each -> each.without(version));
    return Json.object();
  }

  private ObjectNode users(Call call) {
    String arn = call.text("PolicyArn");
    ObjectNode answer = Json.object().put("IsTruncated", false);
    answer.putArray("PolicyGroups");
    answer.putArray("PolicyUsers");
    ArrayNode list = answer.putArray("PolicyRoles");
    roles.roles().stream()
        .filter(role -> role.attached().contains(arn))
        .forEach(role ->
            list.addObject()
                .put("RoleName", role.name())
                .put("RoleId", Arns.iamId("AROA", role.name())));
    return answer;
  }
}
