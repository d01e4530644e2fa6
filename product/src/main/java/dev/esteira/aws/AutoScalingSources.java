package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Ids;
import dev.esteira.fleet.Instances;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.LaunchConfigurations.Configuration;
import dev.esteira.fleet.group.LaunchSource;
import dev.esteira.fleet.group.LaunchTemplates.Template;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What a call says that a group launches from. */
final class AutoScalingSources {
  private final Groups groups;

  AutoScalingSources(Groups groups) {
    this.groups = groups;
  }

  /** Empty when the call says nothing of it; two sources at once are refused. */
  Optional<LaunchSource> of(Call call) {
    List<LaunchSource> given = new ArrayList<>();
    call.optional("LaunchConfigurationName").ifPresent(name -> given.add(configuration(name)));
    if (call.input().has("LaunchTemplate")) {
      given.add(template(call.input().path("LaunchTemplate"), List.of()));
    }
    if (call.input().has("MixedInstancesPolicy")) {
      given.add(mixed(call.input().path("MixedInstancesPolicy")));
    }
    call.optional("InstanceId").ifPresent(id -> given.add(like(call, id)));
    if (given.size() > 1) {
      throw AutoScaling.invalid(
          "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId"
              + " or MixedInstancesPolicy parameter.");
    }
    return given.stream().findFirst();
  }

  private LaunchSource configuration(String name) {
    if (groups.launchConfigurations().get(name).isEmpty()) {
      throw AutoScaling.invalid(
          "Launch configuration name not found - Launch configuration " + name + " not found");
    }
    return new LaunchSource.Configuration(name);
  }

  /** The template is there, and so is its version. */
  LaunchSource template(JsonNode specification, List<String> types) {
    String id = specification.path("LaunchTemplateId").asText("");
    String name = specification.path("LaunchTemplateName").asText("");
    if (id.isEmpty() == name.isEmpty()) {
      throw AutoScaling.invalid(
          "Valid requests must contain either launchTemplateId or LaunchTemplateName");
    }
    Template found =
        (id.isEmpty() ? groups.launchTemplates().byName(name) : groups.launchTemplates().byId(id))
            .orElseThrow(() ->
                AutoScaling.invalid(
                    "You must use a valid fully-formed launch template. The specified launch"
                        + " template, with template "
                        + (id.isEmpty() ? "name " + name : "ID " + id)
                        + ", does not exist."));
    String version = specification.path("Version").asText("$Default");
    if (groups.launchTemplates().version(found.id(), version).isEmpty()) {
      throw AutoScaling.invalid(
          "You must use a valid fully-formed launch template. Could not find the specified"
              + " version "
              + version
              + " for the launch template with ID "
              + found.id()
              + ".");
    }
    return new LaunchSource.OfTemplate(found.id(), found.name(), version, types);
  }

  /** Of a mixed instances policy the first type counts: there is one kind of machine here. */
  LaunchSource mixed(JsonNode policy) {
    JsonNode distribution = policy.path("InstancesDistribution");
    if (distribution.path("OnDemandPercentageAboveBaseCapacity").asInt(100) < 100) {
      throw AutoScaling.unsupported("Spot Instances (OnDemandPercentageAboveBaseCapacity)");
    }
    List<String> types = new ArrayList<>();
    for (JsonNode override : policy.path("LaunchTemplate").path("Overrides")) {
      if (override.has("LaunchTemplateSpecification") || override.has("InstanceRequirements")) {
        throw AutoScaling.unsupported("overrides of other templates and InstanceRequirements");
      }
      types.add(override.path("InstanceType").asText());
    }
    JsonNode specification = policy.path("LaunchTemplate").path("LaunchTemplateSpecification");
    return template(specification, types.isEmpty() ? List.of("t3.micro") : types);
  }

  /** A group made like an instance gets a launch configuration of its own name. */
  private LaunchSource like(Call call, String id) {
    Instances.Template like =
        groups
            .instance(id)
            .orElseThrow(() -> AutoScaling.invalid("Invalid instance ID: " + id))
            .template();
    String name = call.text("AutoScalingGroupName");
    groups
        .launchConfigurations()
        .create(
            new Configuration(
                name,
                Arns.uuid(name + Ids.hex(8)),
                like.imageId(),
                like.instanceType(),
                like.keyName().orElse(""),
                like.network().securityGroupIds(),
                Base64.getEncoder().encodeToString(like.userData()),
                like.instanceProfile().orElse(""),
                like.metadataTokensRequired(),
                Optional.empty(),
                true,
                groups.now()));
    return new LaunchSource.Configuration(name);
  }
}
