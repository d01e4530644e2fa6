package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.LaunchTemplates;
import dev.esteira.fleet.group.LaunchTemplates.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The calls of EC2 for launch templates. */
public final class Ec2LaunchTemplates extends Ec2Feature {
  private static final Filters<Template> FILTERS =
      new Filters<>(Template::tags)
          .one("launch-template-name", Template::name)
          .one("create-time", template -> template.createdAt().toString());

  private final LaunchTemplates templates;
  private final TemplateLookup lookup;
  private final Ec2TemplateVersions versions;
  private final Ec2TemplateData data;
  private final Access access;

  public Ec2LaunchTemplates(Groups groups, Access access) {
    this.templates = groups.launchTemplates();
    this.lookup = new TemplateLookup(templates);
    this.versions = new Ec2TemplateVersions(templates, lookup, access);
    this.data = new Ec2TemplateData(groups);
    this.access = access;
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    operations.put("CreateLaunchTemplate", this::create);
    operations.put("CreateLaunchTemplateVersion", versions::create);
    operations.put("DescribeLaunchTemplates", this::describe);
    operations.put("DescribeLaunchTemplateVersions", versions::describe);
    operations.put("ModifyLaunchTemplate", this::modify);
    operations.put("DeleteLaunchTemplate", this::delete);
    operations.put("DeleteLaunchTemplateVersions", versions::delete);
    operations.put("GetLaunchTemplateData", data::like);
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
      return TemplateLookup.missingId(id);
    }

    @Override
    public void tag(String id, Map<String, String> set, List<String> removed) {
      templates.tag(id, set, removed);
    }
  }

  private String by(Call call) {
    return Arns.principal(access.accountId(), call.caller().principal());
  }

  private ObjectNode create(Call call) {
    ObjectNode data = Ec2TemplateData.checked(call.input().path("LaunchTemplateData"));
    try {
      Template made =
          templates.create(
              Ec2.text(call, "LaunchTemplateName"),
              call.optional("VersionDescription").orElse(""),
              data,
              by(call),
              Ec2Tags.specified(call, "launch-template"));
      return Ec2TemplateShape.answer("LaunchTemplate", Ec2TemplateShape.template(made));
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.CONFLICT
          ? new AwsException("InvalidLaunchTemplateName.AlreadyExistsException", 400, e.text())
          : e;
    }
  }

  private ObjectNode describe(Call call) {
    List<Template> found = new ArrayList<>();
    List<String> ids = call.texts("LaunchTemplateIds");
    List<String> names = call.texts("LaunchTemplateNames");
    ids.forEach(
        id -> found.add(templates.byId(id).orElseThrow(() -> TemplateLookup.missingId(id))));
    names.forEach(name ->
        found.add(templates.byName(name).orElseThrow(() -> TemplateLookup.missingName(name))));
    if (ids.isEmpty() && names.isEmpty()) {
      found.addAll(templates.all());
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LaunchTemplates");
    Ec2.page(call, FILTERS.apply(call, found), answer)
        .forEach(each -> list.add(Ec2TemplateShape.template(each)));
    return answer;
  }

  private ObjectNode modify(Call call) {
    Template template = lookup.named(call);
    String version =
        call.optional("DefaultVersion").orElseThrow(() -> Ec2.missing("SetDefaultVersion"));
    if (templates.version(template.id(), version).isEmpty()) {
      throw TemplateLookup.missingVersion(template, version);
    }
    return Ec2TemplateShape.answer(
        "LaunchTemplate", Ec2TemplateShape.template(templates.setDefault(template.id(), version)));
  }

  private ObjectNode delete(Call call) {
    return Ec2TemplateShape.answer(
        "LaunchTemplate", Ec2TemplateShape.template(templates.delete(lookup.named(call).id())));
  }

  /** For instances that are run from a template. */
  public LaunchTemplateSource source() {
    return named -> {
      Template template = lookup.named(named);
      String version = named.path("Version").asText("$Default");
      return templates
          .version(template.id(), version)
          .orElseThrow(() -> TemplateLookup.missingVersion(template, version))
          .tree();
    };
  }
}
