package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.fleet.group.LaunchTemplates;
import dev.esteira.fleet.group.LaunchTemplates.Template;
import dev.esteira.fleet.group.LaunchTemplates.Version;

/** Finds launch templates by what calls say of them, and says what is not there as EC2 does. */
final class TemplateLookup {
  private final LaunchTemplates templates;

  TemplateLookup(LaunchTemplates templates) {
    this.templates = templates;
  }

  static AwsException missingId(String id) {
    return new AwsException(
        "InvalidLaunchTemplateId.NotFound",
        400,
        "The specified launch template, with template ID " + id + ", does not exist.");
  }

  static AwsException missingName(String name) {
    return new AwsException(
        "InvalidLaunchTemplateName.NotFoundException",
        400,
        "The specified launch template, with template name " + name + ", does not exist.");
  }

  static AwsException missingVersion(Template template, String version) {
    return new AwsException(
        "InvalidLaunchTemplateId.VersionNotFound",
        400,
        "Could not find the specified version %s for the launch template with ID %s."
            .formatted(version, template.id()));
  }

  /** The template that a call names by its id or its name. */
  Template named(Call call) {
    return named(call.input());
  }

  Template named(JsonNode input) {
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

  /** A version by its number, {@code $Latest} or {@code $Default}. */
  Version version(Template template, String version) {
    return templates
        .version(template.id(), version)
        .orElseThrow(() -> missingVersion(template, version));
  }
}
