package dev.esteira.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One type of the API.
 *
 * @param alias set when the type is a primitive under a name of its own
 * @param topLevel whether it carries apiVersion and kind
 */
record Definition(
    String name, Optional<FieldType> alias, boolean topLevel, Map<String, Field> fields) {
  /**
   * A field.
   *
   * @param strategy how strategic merge treats it
   * @param nullable whether zero or false is not the same as unset
   * @param number its number in protobuf: {@code 3}, or {@code 2.6} within an inlined message;
   *     empty when it has none
   */
  record Field(
      String name,
      FieldType type,
      boolean required,
      Strategy strategy,
      boolean nullable,
      String number) {}

  /**
   * How strategic merge treats a field.
   *
   * @param merge lists are merged instead of replaced
   * @param key the field that tells elements apart; empty for lists of primitives
   * @param retainKeys keys that the patch does not name are dropped
   */
  record Strategy(boolean merge, String key, boolean retainKeys) {
    static final Strategy REPLACE = new Strategy(false, "", false);
  }

  Definition {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  String shortName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
