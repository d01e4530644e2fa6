package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.LaunchTemplates;
import dev.esteira.fleet.group.LaunchTemplates.Template;
import dev.esteira.fleet.group.LaunchTemplates.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The calls of EC2 for the versions of a launch template. */
final class Ec2TemplateVersions {
  private final LaunchTemplates templates;
  private final TemplateLookup lookup;
  private final Access access;

  Ec2TemplateVersions(LaunchTemplates templates, TemplateLookup lookup, Access access) {
    this.templates = templates;
    this.lookup = lookup;
    this.access = access;
  }

  /** What the source version says stays where the new data says nothing. */
  ObjectNode create(Call call) {
    Template template = lookup.named(call);
    ObjectNode data = Json.object();
    call.optional("SourceVersion")
        .ifPresent(source -> data.setAll(lookup.version(template, source).tree()));
    data.setAll(Ec2TemplateData.checked(call.input().path("LaunchTemplateData")));
    Version made =
        templates.addVersion(
            template.id(),
            call.optional("VersionDescription").orElse(""),
            data,
            Arns.principal(access.accountId(), call.caller().principal()));
    return Ec2TemplateShape.answer(
        "LaunchTemplateVersion", Ec2TemplateShape.version(template, made));
  }

  ObjectNode describe(Call call) {
    boolean ofOne =
        call.optional("LaunchTemplateId").isPresent()
            || call.optional("LaunchTemplateName").isPresent();
    List<ObjectNode> found = ofOne ? ofOne(call, lookup.named(call)) : ofAll(call);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LaunchTemplateVersions");
    Ec2.page(call, found, answer).forEach(list::add);
    return answer;
  }

  /** The versions of that name of all templates; those without one are passed over. */
  private List<ObjectNode> ofAll(Call call) {
    List<String> wanted = call.texts("Versions");
    List<ObjectNode> found = new ArrayList<>();
    for (Template template : templates.all()) {
      for (String version : wanted.isEmpty() ? List.of("$Latest") : wanted) {
        templates
            .version(template.id(), version)
            .ifPresent(each -> found.add(Ec2TemplateShape.version(template, each)));
      }
    }
    return found;
  }

  private List<ObjectNode> ofOne(Call call, Template template) {
    List<String> wanted = call.texts("Versions");
    int least = call.number("MinVersion", 0);
    int most = call.number("MaxVersion", Integer.MAX_VALUE);
    Stream<Version> versions =
        wanted.isEmpty()
            ? templates.versions(template.id()).stream()
                .filter(each -> each.number() >= least && each.number() <= most)
            : wanted.stream().map(each -> lookup.version(template, each));
    return versions.map(each -> Ec2TemplateShape.version(template, each)).toList();
  }

  ObjectNode delete(Call call) {
    Template template = lookup.named(call);
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
}
