package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.LaunchTemplates.Template;
import dev.esteira.fleet.group.LaunchTemplates.Version;

/** Launch templates and their versions in the shapes of EC2's answers. */
final class Ec2TemplateShape {
  private Ec2TemplateShape() {}

  static ObjectNode answer(String member, ObjectNode value) {
    ObjectNode answer = Json.object();
    answer.set(member, value);
    return answer;
  }

  static ObjectNode template(Template template) {
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

  static ObjectNode version(Template template, Version version) {
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
