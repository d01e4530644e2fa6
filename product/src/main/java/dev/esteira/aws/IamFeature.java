package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.Roles;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The calls of Identity and Access Management that bring keys to instances: roles, instance
 * profiles, policies. Policies are kept and told; no right is taken from anybody by them.
 */
public final class IamFeature extends AwsFeature {
  private static final int SESSION_SECONDS = 3_600;
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,128}");

  private final Roles roles;
  private final Access access;
  private final InstantSource clock;

  public IamFeature(Roles roles, Access access, InstantSource clock) {
    this.roles = roles;
    this.access = access;
    this.clock = clock;
  }

  @Override
  String service() {
    return "iam";
  }

  @Override
  String model() {
    return "iam";
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    operations.put("CreateRole", this::createRole);
    operations.put("GetRole", this::getRole);
    operations.put("ListRoles", this::listRoles);
    operations.put("DeleteRole", this::deleteRole);
    operations.put("UpdateAssumeRolePolicy", this::trust);
    operations.put("UpdateRole", this::update);
    operations.put("UpdateRoleDescription", this::describe);
    IamPolicies policies = new IamPolicies(roles, access.accountId(), clock);
    policies.addTo(operations);
    new IamPolicyVersions(roles, policies, clock).addTo(operations);
    new IamTags(roles, policies).addTo(operations);
    new IamProfiles(roles, access.accountId(), clock).addTo(operations);
    operations.replaceAll((_, operation) -> call -> refused(operation, call));
    return operations;
  }

  private static ObjectNode refused(Operation operation, Call call) {
    try {
      return operation.call(call);
    } catch (EsteiraException e) {
      throw switch (e.code()) {
        case NOT_FOUND -> missing(e.text());
        case CONFLICT -> new AwsException("EntityAlreadyExists", 409, e.text());
        default -> e;
      };
    }
  }

  static AwsException missing(String text) {
    return new AwsException("NoSuchEntity", 404, text);
  }

  static AwsException inUse(String text) {
    return new AwsException("DeleteConflict", 409, text);
  }

  /** A new thing's name. */
  static String name(Call call, String member) {
    String name = call.text(member);
    if (!NAME.matcher(name).matches()) {
      throw new AwsException("ValidationError", 400, badName(member));
    }
    return name;
  }

  private static String badName(String member) {
    return ("The specified value for %s is invalid. It must contain only alphanumeric characters"
            + " and/or the following: +=,.@_-")
        .formatted(member.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + member.substring(1));
  }

  static Map<String, String> tags(Call call) {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode tag : call.input().path("Tags")) {
      tags.put(tag.path("Key").asText(), tag.path("Value").asText());
    }
    return tags;
  }

  /** A policy's document, which must be JSON. */
  static String document(Call call, String member) {
    String text = call.text(member);
    try {
      if (Json.parse(text.getBytes(StandardCharsets.UTF_8)).isObject()) {
        return text;
      }
    } catch (RuntimeException e) {
      // The same answer as for JSON that is no object.
    }
    throw new AwsException("MalformedPolicyDocument", 400, "This policy contains invalid Json");
  }

  /** As documents travel in answers. */
  static String encoded(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private ObjectNode createRole(Call call) {
    Roles.Role role =
        new Roles.Role(
            name(call, "RoleName"),
            call.optional("Path").orElse("/"),
            document(call, "AssumeRolePolicyDocument"),
            call.optional("Description").orElse(""),
            clock.instant(),
            Map.of(),
            List.of(),
            tags(call));
    roles.create(role);
    return shown(role);
  }

  private ObjectNode shown(Roles.Role role) {
    ObjectNode answer = Json.object();
    answer.set("Role", role(access.accountId(), role));
    return answer;
  }

  static ObjectNode role(String account, Roles.Role role) {
    ObjectNode shown = Json.object().put("Path", role.path()).put("RoleName", role.name());
    shown.put("RoleId", Arns.iamId("AROA", role.name()));
    shown.put("Arn", Arns.iam(account, "role" + role.path() + role.name()));
    shown.put("CreateDate", role.createdAt().toString());
    shown.put("AssumeRolePolicyDocument", encoded(role.trust()));
    if (!role.description().isEmpty()) {
      shown.put("Description", role.description());
    }
    shown.put("MaxSessionDuration", SESSION_SECONDS);
    showTags(shown, role.tags());
    return shown;
  }

  static void showTags(ObjectNode shown, Map<String, String> tags) {
    if (!tags.isEmpty()) {
      ArrayNode list = shown.putArray("Tags");
      new TreeMap<>(tags)
          .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    }
  }

  static Roles.Role existing(Roles roles, Call call) {
    String name = call.text("RoleName");
    return roles
        .role(name)
        .orElseThrow(() -> missing("The role with name " + name + " cannot be found."));
  }

  private ObjectNode trust(Call call) {
    String document = document(call, "PolicyDocument");
    roles.changeRole(existing(roles, call).name(), role -> role.withTrust(document));
    return Json.object();
  }

  private ObjectNode update(Call call) {
    String name = existing(roles, call).name();
    if (call.number("MaxSessionDuration", SESSION_SECONDS) != SESSION_SECONDS) {
      throw new AwsException(
          "ValidationError", 400, "esteira does not support other session durations than 3600");
    }
    call.optional("Description")
        .ifPresent(text -> roles.changeRole(name, role -> role.describedAs(text)));
    return Json.object();
  }

  private ObjectNode describe(Call call) {
    var _ = update(call);
    return shown(existing(roles, call));
  }

  private ObjectNode getRole(Call call) {
    return shown(existing(roles, call));
  }

  private ObjectNode listRoles(Call call) {
    String prefix = call.optional("PathPrefix").orElse("/");
    List<Roles.Role> found =
        roles.roles().stream().filter(role -> role.path().startsWith(prefix)).toList();
    ObjectNode answer = Json.object().put("IsTruncated", false);
    ArrayNode list = answer.putArray("Roles");
    found.forEach(role -> list.add(role(access.accountId(), role)));
    return answer;
  }

  private ObjectNode deleteRole(Call call) {
    Roles.Role role = existing(roles, call);
    if (!role.attached().isEmpty()) {
      throw inUse("Cannot delete entity, must detach all policies first.");
    }
    if (!role.inline().isEmpty()) {
      throw inUse("Cannot delete entity, must delete policies first.");
    }
    if (roles.profiles().stream()
        .anyMatch(p -> p.role().equals(java.util.Optional.of(role.name())))) {
      throw inUse("Cannot delete entity, must remove roles from instance profile first.");
    }
    roles.deleteRole(role.name());
    return Json.object();
  }
}
