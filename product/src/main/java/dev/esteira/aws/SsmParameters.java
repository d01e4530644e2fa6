package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.base.SecretBox;
import dev.esteira.fleet.PublicImages;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of a home by name, with their versions, and the public ones that name machine
 * images. Values are sealed at rest. Durable, thread-safe.
 */
final class SsmParameters {
  static final String PUBLIC = "/aws/service/";
  private static final String KIND = "ssm-parameter";
  private static final int PARAMETERS_MAX = 10_000;

  /** As on AWS: older versions go. */
  private static final int VERSIONS_MAX = 100;

  /** One version of a value. */
  record Version(int number, String type, String value, String keyId, Instant at, String by) {}

  /** A parameter with its versions, the latest last. */
  record Parameter(
      String name,
      String description,
      String dataType,
      String tier,
      Map<String, String> tags,
      List<Version> versions) {
    Parameter {
      tags = Map.copyOf(tags);
      versions = List.copyOf(versions);
    }

    Version latest() {
      return versions.getLast();
    }

    Optional<Version> version(int number) {
      return versions.stream().filter(each -> each.number() == number).findFirst();
    }
  }

  private final Ledger ledger;
  private final SecretBox box;

  SsmParameters(Ledger ledger, SecretBox box) {
    this.ledger = ledger;
    this.box = box;
  }

  Optional<Parameter> get(String name) {
    return name.startsWith(PUBLIC)
        ? Optional.ofNullable(PublicImages.parameters().get(name)).map(id -> image(name, id))
        : ledger.get(KIND, name).map(stored -> read(stored.body()));
  }

  /** Those whose name begins so, by name; the public ones only where that is asked for. */
  List<Parameter> under(String prefix) {
    List<Parameter> found = new ArrayList<>();
    if (prefix.startsWith("/aws/")) {
      PublicImages.parameters()
          .forEach((name, id) -> {
            if (name.startsWith(prefix)) {
              found.add(image(name, id));
            }
          });
    }
    ledger.list(KIND, prefix).forEach(stored -> found.add(read(stored.body())));
    return found;
  }

  private static Parameter image(String name, String id) {
    Version only = new Version(1, "String", id, "", Instant.EPOCH, "amazon");
    return new Parameter(name, "", "aws:ec2:image", "Standard", Map.of(), List.of(only));
  }

  /** Adds a version; tells its number. */
  int put(Parameter like, Version version, boolean overwrite) {
    return ledger.write(tx -> {
      Optional<Parameter> known = tx.get(KIND, like.name()).map(stored -> read(stored.body()));
      if (known.isPresent() && !overwrite) {
        throw new AwsException(
            "ParameterAlreadyExists",
            400,
            "The parameter already exists. To overwrite this value, set the overwrite option in the"
                + " request to true.");
      }
      if (known.isEmpty() && tx.list(KIND, "").size() >= PARAMETERS_MAX) {
        throw new AwsException(
            "ParameterLimitExceeded", 400, "there are " + PARAMETERS_MAX + " parameters already");
      }
      List<Version> versions = new ArrayList<>(known.map(Parameter::versions).orElse(List.of()));
      int number = versions.isEmpty() ? 1 : versions.getLast().number() + 1;
      versions.add(
          new Version(
              number,
              version.type(),
              version.value(),
              version.keyId(),
              version.at(),
              version.by()));
      int from = Math.max(0, versions.size() - VERSIONS_MAX);
      Parameter now =
          new Parameter(
              like.name(),
              like.description(),
              like.dataType(),
              like.tier(),
              known.map(Parameter::tags).orElse(like.tags()),
              versions.subList(from, versions.size()));
      tx.put(KIND, like.name(), write(now));
      return number;
    });
  }

  boolean delete(String name) {
    return ledger.write(tx -> tx.delete(KIND, name));
  }

  /** Sets and removes tags; false when there is no such parameter. */
  boolean tag(String name, Map<String, String> set, List<String> removed) {
    return ledger.write(tx -> {
      Optional<Parameter> known = tx.get(KIND, name).map(stored -> read(stored.body()));
      known.ifPresent(each -> {
        Map<String, String> tags = new TreeMap<>(each.tags());
        removed.forEach(tags::remove);
        tags.putAll(set);
        tx.put(
            KIND,
            name,
            write(
                new Parameter(
                    name,
                    each.description(),
                    each.dataType(),
                    each.tier(),
                    tags,
                    each.versions())));
      });
      return known.isPresent();
    });
  }

  private String write(Parameter parameter) {
    ObjectNode body = Json.object().put("name", parameter.name());
    body.put("description", parameter.description()).put("dataType", parameter.dataType());
    body.put("tier", parameter.tier());
    ObjectNode tags = body.putObject("tags");
    parameter.tags().forEach(tags::put);
    for (Version version : parameter.versions()) {
      body.withArray("versions")
          .addObject()
          .put("number", version.number())
          .put("type", version.type())
          .put("value", box.seal(version.value()))
          .put("keyId", version.keyId())
          .put("at", version.at().toString())
          .put("by", version.by());
    }
    return body.toString();
  }

  private Parameter read(String body) {
    JsonNode all = Json.parse(body);
    Map<String, String> tags = new TreeMap<>();
    all.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    List<Version> versions = new ArrayList<>();
    for (JsonNode each : all.path("versions")) {
      versions.add(
          new Version(
              each.path("number").asInt(),
              each.path("type").asText(),
              box.open(each.path("value").asText()),
              each.path("keyId").asText(),
              Instant.parse(each.path("at").asText()),
              each.path("by").asText()));
    }
    return new Parameter(
        all.path("name").asText(),
        all.path("description").asText(),
        all.path("dataType").asText(),
        all.path("tier").asText(),
        tags,
        versions);
  }
}
