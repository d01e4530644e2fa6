package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.LaunchTemplates;
import dev.esteira.fleet.group.LaunchTemplates.Template;
import dev.esteira.fleet.group.LaunchTemplates.Version;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The calls of EC2 for launch templates. */
public final class Ec2LaunchTemplates extends Ec2Feature {
  private static final Filters<Template> FILTERS =
      new Filters<>(Template::tags)
          .one("launch-template-name", Template::name)
          .one("create-time", template -> template.createdAt().toString());

  /** What no instance here could be, so that nobody believes it was. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "InstanceMarketOptions",
          "ElasticGpuSpecifications",
          "ElasticInferenceAccelerators",
          "InstanceRequirements",
          "EnclaveOptions");

  private final Groups groups;
  private final LaunchTemplates templates;
  private final Access access;

  public Ec2LaunchTemplates(Groups groups, Access access) {
    this.groups = groups;
    this.templates = groups.launchTemplates();
    this.access = access;
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    operations.put("CreateLaunchTemplate", this::create);
    operations.put("CreateLaunchTemplateVersion", this::createVersion);
    operations.put("DescribeLaunchTemplates", this::describe);
    operations.put("DescribeLaunchTemplateVersions", this::describeVersions);
    operations.put("ModifyLaunchTemplate", this::modify);
    operations.put("DeleteLaunchTemplate", this::delete);
    operations.put("DeleteLaunchTemplateVersions", this::deleteVersions);
    operations.put("GetLaunchTemplateData", this::data);
    return operations;
  }

  @Override
  List<Taggable> taggables() {
    return List.of(new Tags());
  }

  private final class Tags implements Taggable {
    @Override
    public String prefix() {
      return "lt-";
    }

    @Override
    public String resourceType() {
      return "launch-template";
    }

    @Override
    public Map<String, Map<String, String>> tags() {
      Map<String, Map<String, String>> tags = new HashMap<>();
      templates.all().forEach(each -> tags.put(each.id(), each.tags()));
      return tags;
    }

    @Override
    public AwsException notFound(String id) {
      return missingId(id);
    }

    @Override
    public void tag(String id, Map<String, String> set, List<String> removed) {
      templates.tag(id, set, removed);
    }
  }

  private static AwsException missingId(String id) {
    return new AwsException(
        "InvalidLaunchTemplateId.NotFound",
        400,
        "The specified launch template, with template ID " + id + ", does not exist.");
  }

  private static AwsException missingName(String name) {
    return new AwsException(
        "InvalidLaunchTemplateName.NotFoundException",
        400,
        "The specified launch template, with template name " + name + ", does not exist.");
  }

  private static AwsException missingVersion(Template template, String version) {
    return new AwsException(
        "InvalidLaunchTemplateId.VersionNotFound",
        400,
        "Could not find the specified version %s for the launch template with ID %s."
            .formatted(version, template.id()));
  }

  private Template named(Call call) {
    return named(call.input());
  }

  private Template named(JsonNode input) {
    String id = input.path("LaunchTemplateId").asText("");
    String name = input.path("LaunchTemplateName").asText("");
    if (!id.isEmpty()) {
      return templates.byId(id).orElseThrow(() -> missingId(id));
    }
    if (name.isEmpty()) {
      throw Ec2.missing("LaunchTemplateId");
    }
    return templates.byName(name).orElseThrow(() -> missingName(name));
  }

  private String by(Call call) {
    return Arns.principal(access.accountId(), call.caller().principal());
  }

  private ObjectNode create(Call call) {
    ObjectNode data = checked(call.input().path("LaunchTemplateData"));
    try {
      Template made =
          templates.create(
              Ec2.text(call, "LaunchTemplateName"),
              call.optional("VersionDescription").orElse(""),
              data,
              by(call),
              Ec2Tags.specified(call, "launch-template"));
      return answer("LaunchTemplate", shown(made));
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.CONFLICT
          ? new AwsException("InvalidLaunchTemplateName.AlreadyExistsException", 400, e.text())
          : e;
    }
  }

  private static ObjectNode checked(JsonNode data) {
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

  /** What the source version says stays where the new data says nothing. */
  private ObjectNode createVersion(Call call) {
    Template template = named(call);
    ObjectNode data = Json.object();
    call.optional("SourceVersion")
        .ifPresent(source ->
            data.setAll(
                templates
                    .version(template.id(), source)
                    .orElseThrow(() -> missingVersion(template, source))
                    .tree()));
    data.setAll(checked(call.input().path("LaunchTemplateData")));
    Version made =
        templates.addVersion(
            template.id(), call.optional("VersionDescription").orElse(""), data, by(call));
    return answer("LaunchTemplateVersion", shown(template, made));
  }

  private ObjectNode describe(Call call) {
    List<Template> found = new ArrayList<>();
    List<String> ids = call.texts("LaunchTemplateIds");
    List<String> names = call.texts("LaunchTemplateNames");
    ids.forEach(id -> found.add(templates.byId(id).orElseThrow(() -> missingId(id))));
    names.forEach(name -> found.add(templates.byName(name).orElseThrow(() -> missingName(name))));
    if (ids.isEmpty() && names.isEmpty()) {
      found.addAll(templates.all());
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LaunchTemplates");
    Ec2.page(call, FILTERS.apply(call, found), answer).forEach(each -> list.add(shown(each)));
    return answer;
  }

  private ObjectNode describeVersions(Call call) {
    List<String> wanted = call.texts("Versions");
    List<ObjectNode> found = new ArrayList<>();
    if (call.optional("LaunchTemplateId").isEmpty()
        && call.optional("LaunchTemplateName").isEmpty()) {
      for (Template template : templates.all()) {
        for (String version : wanted.isEmpty() ? List.of("$Latest") : wanted) {
          templates
              .version(template.id(), version)
              .ifPresent(each -> found.add(shown(template, each)));
        }
      }
    } else {
      Template template = named(call);
      int least = call.number("MinVersion", 0);
      int most = call.number("MaxVersion", Integer.MAX_VALUE);
      if (wanted.isEmpty()) {
        templates.versions(template.id()).stream()
            .filter(each -> each.number() >= least && each.number() <= most)
            .forEach(each -> found.add(shown(template, each)));
      }
      for (String version : wanted) {
        found.add(
            shown(
                template,
                templates
                    .version(template.id(), version)
                    .orElseThrow(() -> missingVersion(template, version))));
      }
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LaunchTemplateVersions");
    Ec2.page(call, found, answer).forEach(list::add);
    return answer;
  }

  private ObjectNode modify(Call call) {
    Template template = named(call);
    String version =
        call.optional("DefaultVersion").orElseThrow(() -> Ec2.missing("SetDefaultVersion"));
    if (templates.version(template.id(), version).isEmpty()) {
      throw missingVersion(template, version);
    }
    return answer("LaunchTemplate", shown(templates.setDefault(template.id(), version)));
  }

  private ObjectNode delete(Call call) {
    return answer("LaunchTemplate", shown(templates.delete(named(call).id())));
  }

  private ObjectNode deleteVersions(Call call) {
    Template template = named(call);
    ObjectNode answer = Json.object();
    ArrayNode gone = answer.putArray("SuccessfullyDeletedLaunchTemplateVersions");
    ArrayNode kept = answer.putArray("UnsuccessfullyDeletedLaunchTemplateVersions");
    for (String version : call.texts("Versions")) {
      ObjectNode item =
          Json.object()
              .put("LaunchTemplateId", template.id())
              .put("LaunchTemplateName", template.name())
              .put("VersionNumber", version);
      var found = templates.version(template.id(), version);
      if (found.isEmpty()) {
        refused(item, "launchTemplateVersionDoesNotExist", "version " + version + " is not there");
        kept.add(item);
      } else if (found.get().number() == template.defaultVersion()) {
        refused(item, "unexpectedError", "the default version cannot be deleted");
        kept.add(item);
      } else {
        templates.deleteVersion(template.id(), found.get().number());
        gone.add(item);
      }
    }
    return answer;
  }

  private static void refused(ObjectNode item, String code, String message) {
    item.putObject("ResponseError").put("Code", code).put("Message", message);
  }

  /** What a template would say that makes instances like this one. */
  private ObjectNode data(Call call) {
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
    return answer("LaunchTemplateData", data);
  }

  /** For instances that are run from a template. */
  public LaunchTemplateSource source() {
    return named -> {
      Template template = this.named(named);
      String version = named.path("Version").asText("$Default");
      return templates
          .version(template.id(), version)
          .orElseThrow(() -> missingVersion(template, version))
          .tree();
    };
  }

  private static ObjectNode answer(String member, ObjectNode value) {
    ObjectNode answer = Json.object();
    answer.set(member, value);
    return answer;
  }

  private static ObjectNode shown(Template template) {
    ObjectNode shown = Json.object();
    shown.put("LaunchTemplateId", template.id());
    shown.put("LaunchTemplateName", template.name());
    shown.put("CreateTime", template.createdAt().toString());
    shown.put("CreatedBy", template.createdBy());
    shown.put("DefaultVersionNumber", template.defaultVersion());
    shown.put("LatestVersionNumber", template.latestVersion());
    if (!template.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(template.tags()));
    }
    return shown;
  }

  private static ObjectNode shown(Template template, Version version) {
    ObjectNode shown = Json.object();
    shown.put("LaunchTemplateId", template.id());
    shown.put("LaunchTemplateName", template.name());
    shown.put("VersionNumber", version.number());
    if (!version.description().isEmpty()) {
      shown.put("VersionDescription", version.description());
    }
    shown.put("CreateTime", version.createdAt().toString());
    shown.put("CreatedBy", version.createdBy());
    shown.put("DefaultVersion", version.number() == template.defaultVersion());
    shown.set("LaunchTemplateData", version.tree());
    return shown;
  }
}
