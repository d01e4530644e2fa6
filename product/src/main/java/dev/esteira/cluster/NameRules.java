package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names, labels and annotations: RFC 1123, RFC 1035 and Kubernetes' own forms. */
final class NameRules {
  static final int LABEL_LENGTH_MAX = 63;
  private static final int SUBDOMAIN_LENGTH_MAX = 253;
  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  private static final String LABEL_TEXT = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN_TEXT = LABEL_TEXT + "(\\." + LABEL_TEXT + ")*";
  private static final String LABEL_1035_TEXT = "[a-z]([-a-z0-9]*[a-z0-9])?";
  private static final String KEY_TEXT = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String VALUE_TEXT = "(" + KEY_TEXT + ")?";
  private static final Pattern LABEL = Pattern.compile(LABEL_TEXT);
  private static final Pattern SUBDOMAIN = Pattern.compile(SUBDOMAIN_TEXT);
  private static final Pattern LABEL_1035 = Pattern.compile(LABEL_1035_TEXT);
  private static final Pattern KEY = Pattern.compile(KEY_TEXT);
  private static final Pattern VALUE = Pattern.compile(VALUE_TEXT);

  private NameRules() {}

  /** Why it is no DNS label of RFC 1123, or empty. */
  static Optional<String> label(String name) {
    return check(
        name,
        LABEL_LENGTH_MAX,
        LABEL,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
            + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
            + " regex used for validation is '"
            + LABEL_TEXT
            + "')");
  }

  /** Why it is no DNS subdomain of RFC 1123, or empty. */
  static Optional<String> subdomain(String name) {
    return check(
        name,
        SUBDOMAIN_LENGTH_MAX,
        SUBDOMAIN,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
            + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
            + " regex used for validation is '"
            + SUBDOMAIN_TEXT
            + "')");
  }

  /** Why it is no DNS label of RFC 1035, or empty. */
  static Optional<String> label1035(String name) {
    return check(
        name,
        LABEL_LENGTH_MAX,
        LABEL_1035,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
            + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
            + " 'abc-123', regex used for validation is '"
            + LABEL_1035_TEXT
            + "')");
  }

  /** Why it is no key of a label or annotation, or empty. */
  static Optional<String> key(String key) {
    int slash = key.indexOf('/');
    if (slash >= 0) {
      Optional<String> prefix = subdomain(key.substring(0, slash));
      if (prefix.isPresent()) {
        return Optional.of("prefix part " + prefix.get());
      }
    }
    return check(
            key.substring(slash + 1),
            LABEL_LENGTH_MAX,
            KEY,
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                + " an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex"
                + " used for validation is '"
                + KEY_TEXT
                + "')")
        .map(why -> "name part " + why);
  }

  /** Why it is no value of a label, or empty. */
  static Optional<String> value(String value) {
    return check(
        value,
        LABEL_LENGTH_MAX,
        VALUE,
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
            + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
            + " 'my_value',  or '12345', regex used for validation is '"
            + VALUE_TEXT
            + "')");
  }

  private static Optional<String> check(String text, int lengthMax, Pattern form, String why) {
    if (text.length() > lengthMax) {
      return Optional.of("must be no more than " + lengthMax + " characters");
    }
    return form.matcher(text).matches() ? Optional.empty() : Optional.of(why);
  }

  /** An object's own metadata. */
  static void metadata(Kind kind, ObjectNode object, Violations out) {
    String name = Trees.name(object);
    if (name.isEmpty()) {
      out.required("metadata.name", "name or generateName is required");
    } else {
      nameOf(kind, name).ifPresent(why -> out.invalid("metadata.name", name, why));
    }
    if (kind.namespaced()) {
      String namespace = Trees.namespace(object);
      label(namespace).ifPresent(why -> out.invalid("metadata.namespace", namespace, why));
    }
    labels(object, "metadata", out);
  }

  private static Optional<String> nameOf(Kind kind, String name) {
    return switch (kind) {
      case NAMESPACE -> label(name);
      case SERVICE -> label1035(name);
      case NODE,
          POD,
          ENDPOINTS,
          CONFIG_MAP,
          SECRET,
          SERVICE_ACCOUNT,
          EVENT,
          DEPLOYMENT,
          REPLICA_SET,
          ENDPOINT_SLICE,
          INGRESS ->
          subdomain(name);
    };
  }

  /** Labels and annotations of the metadata at {@code path}. */
  static void labels(ObjectNode holder, String path, Violations out) {
    labelMap(Trees.texts(holder, "metadata", "labels"), path + ".labels", out);
    long bytes = 0;
    Map<String, String> annotations = Trees.texts(holder, "metadata", "annotations");
    for (Map.Entry<String, String> annotation : annotations.entrySet()) {
      // Keys of annotations may have capitals in their prefix.
      key(annotation.getKey().toLowerCase(java.util.Locale.ROOT))
          .ifPresent(why -> out.invalid(path + ".annotations", annotation.getKey(), why));
      bytes += annotation.getKey().length() + annotation.getValue().length();
    }
    if (bytes > ANNOTATIONS_BYTES_MAX) {
      out.tooLong(path + ".annotations", ANNOTATIONS_BYTES_MAX);
    }
  }

  static void labelMap(Map<String, String> labels, String path, Violations out) {
    labels.forEach((key, value) -> {
      key(key).ifPresent(why -> out.invalid(path, key, why));
      value(value).ifPresent(why -> out.invalid(path, value, why));
    });
  }
}
