package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service's description in botocore's form (service-2.json); read at the first question, because
 * a start must not wait for models that nobody asks for. Thread-safe.
 */
final class Model {
  private final String name;
  private volatile @Nullable JsonNode read;

  private Model(String name) {
    this.name = name;
  }

  static Model load(String name) {
    return new Model(name);
  }

  private JsonNode root() {
    JsonNode root = read;
    if (root == null) {
      // Two that come at once both read it, and get the same.
      root = parse();
      read = root;
    }
    return root;
  }

  private JsonNode parse() {
    try (InputStream in = Model.class.getResourceAsStream("models/" + name + ".json")) {
      if (in == null) {
        throw new IllegalArgumentException("there is no model of " + name);
      }
      return Json.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the model of " + name, e);
    }
  }

  String name() {
    return name;
  }

  String metadata(String key) {
    return root().path("metadata").path(key).asText("");
  }

  boolean hasOperation(String operation) {
    return root().path("operations").has(operation);
  }

  List<String> operations() {
    List<String> names = new ArrayList<>();
    root().path("operations").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** How an operation is sent and answered: {@code http}, {@code input}, {@code output}. */
  JsonNode operation(String operation) {
    return root().path("operations").path(operation);
  }

  /** The input's shape; empty when the operation takes nothing. */
  Optional<Shape> input(String operation) {
    return reference(operation(operation).path("input"));
  }

  Optional<Shape> output(String operation) {
    return reference(operation(operation).path("output"));
  }

  /** The status of an error: the one that its shape names, else its own. */
  int status(AwsException error) {
    return error(error.code())
        .map(shape -> shape.definition().path("error").path("httpStatusCode").asInt())
        .filter(code -> code >= 400)
        .orElse(error.status());
  }

  /** An error's shape, by the code of the wire or the shape's name. */
  Optional<Shape> error(String code) {
    JsonNode shape = root().path("shapes").path(code);
    return shape.path("exception").asBoolean(false)
        ? Optional.of(new Shape(this, shape, shape))
        : Optional.empty();
  }

  private Optional<Shape> reference(JsonNode reference) {
    return reference.has("shape") ? Optional.of(shape(reference)) : Optional.empty();
  }

  Shape shape(JsonNode reference) {
    return new Shape(this, reference, root().path("shapes").path(reference.path("shape").asText()));
  }
}
