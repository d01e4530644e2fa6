package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where the data of launch templates comes from. */
@FunctionalInterface
public interface LaunchTemplateSource {
  /** Knows none. */
  LaunchTemplateSource NONE =
      named -> {
        throw new AwsException(
            "InvalidLaunchTemplateName.NotFoundException",
            400,
            "The specified launch template, with template "
                + named.path("LaunchTemplateName").asText(named.path("LaunchTemplateId").asText())
                + ", does not exist.");
      };

  /**
   * The members of RunInstances that a template gives.
   *
   * @param named {@code LaunchTemplateId} or {@code LaunchTemplateName}, and {@code Version}
   */
  ObjectNode data(JsonNode named);
}
