package dev.esteira.cluster;

/** The type of a field in the schema of the API. */
sealed interface FieldType {
  /** A primitive in the words of OpenAPI; {@code format} may be empty. */
  record Primitive(String type, String format) implements FieldType {}

  record ListOf(FieldType element) implements FieldType {}

  record MapOf(FieldType value) implements FieldType {}

  /** Another definition, by its full name. */
  record Reference(String definition) implements FieldType {}

  /** Anything. */
  record Any() implements FieldType {}
}
