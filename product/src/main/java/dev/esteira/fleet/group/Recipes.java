package dev.esteira.fleet.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.fleet.Instances;
import dev.esteira.net.vpc.Vpcs;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** From what a group launches to what an instance is made of. */
final class Recipes {
  private static final String INSTANCE_TYPE_DEFAULT = "t3.micro";

  /** What the instance is made of, what to remember of it, and the tags that it brings. */
  record Recipe(Instances.Template template, LaunchedWith with, Map<String, String> tags) {}

  private final LaunchConfigurations configurations;
  private final LaunchTemplates templates;

  Recipes(LaunchConfigurations configurations, LaunchTemplates templates) {
    this.configurations = configurations;
    this.templates = templates;
  }

  Recipe of(LaunchSource source, String subnet, String zone) {
    return switch (source) {
      case LaunchSource.Configuration(String name) -> configured(name, subnet, zone);
      case LaunchSource.OfTemplate template -> templated(template, subnet, zone);
    };
  }

  private Recipe configured(String name, String subnet, String zone) {
    LaunchConfigurations.Configuration made =
        configurations
            .get(name)
            .orElseThrow(() ->
                EsteiraException.notFound("The launch configuration " + name + " is not there."));
    return new Recipe(
        new Instances.Template(
            made.imageId(),
            made.instanceType(),
            text(made.keyName()),
            decoded(made.userData()),
            text(made.instanceProfile()),
            made.tokensRequired(),
            new Vpcs.Wanted(text(subnet), made.securityGroups(), Optional.empty(), text(zone))),
        LaunchedWith.configuration(name),
        Map.of());
  }

  private Recipe templated(LaunchSource.OfTemplate source, String subnet, String zone) {
    LaunchTemplates.Version version =
        templates
            .version(source.id(), source.version())
            .orElseThrow(() ->
                EsteiraException.notFound(
                    ("You must use a valid fully-formed launch template. Version %s of %s "
                            + "is not there.")
                        .formatted(source.version(), source.name())));
    JsonNode data = version.tree();
    String image = data.path("ImageId").asText("");
    if (image.isEmpty()) {
      throw EsteiraException.invalid(
          "You must use a valid fully-formed launch template. The request must contain the"
              + " parameter ImageId");
    }
    String type =
        source.instanceTypes().isEmpty()
            ? data.path("InstanceType").asText(INSTANCE_TYPE_DEFAULT)
            : source.instanceTypes().getFirst();
    return new Recipe(
        new Instances.Template(
            image,
            type,
            text(data.path("KeyName").asText("")),
            decoded(data.path("UserData").asText("")),
            profile(data.path("IamInstanceProfile")),
            data.path("MetadataOptions").path("HttpTokens").asText("").equals("required"),
            network(data, subnet, zone)),
        new LaunchedWith("", source.id(), version.templateName(), Long.toString(version.number())),
        tags(data, version));
  }

  private static Vpcs.Wanted network(JsonNode data, String subnet, String zone) {
    JsonNode first = data.path("NetworkInterfaces").path(0);
    String inTemplate = first.path("SubnetId").asText("");
    List<String> groups = new ArrayList<>();
    JsonNode ids = first.has("Groups") ? first.path("Groups") : data.path("SecurityGroupIds");
    ids.forEach(id -> groups.add(id.asText()));
    String placed =
        zone.isEmpty() ? data.path("Placement").path("AvailabilityZone").asText("") : zone;
    return new Vpcs.Wanted(
        text(subnet.isEmpty() ? inTemplate : subnet), groups, Optional.empty(), text(placed));
  }

  private static Map<String, String> tags(JsonNode data, LaunchTemplates.Version version) {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode each : data.path("TagSpecifications")) {
      if (each.path("ResourceType").asText("").equals("instance")) {
        each.path("Tags")
            .forEach(tag -> tags.put(tag.path("Key").asText(), tag.path("Value").asText("")));
      }
    }
    tags.put("aws:ec2launchtemplate:id", version.templateId());
    tags.put("aws:ec2launchtemplate:version", Long.toString(version.number()));
    return tags;
  }

  private static Optional<String> profile(JsonNode given) {
    return text(given.path("Name").asText(given.path("Arn").asText("")));
  }

  private static Optional<String> text(String given) {
    return given.isEmpty() ? Optional.empty() : Optional.of(given);
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw EsteiraException.invalid("Invalid BASE64 encoding of user data");
    }
  }
}
