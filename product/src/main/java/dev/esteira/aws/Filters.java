package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The filters of EC2's describe calls for one kind of resource: by name, how to get the values of a
 * resource. Values of one filter are joined by or, filters by and; {@code *} and {@code ?} in a
 * wanted value stand for any characters and for any one.
 */
final class Filters<T> {
  private static final int VALUES_MAX = 200;

  private final Map<String, Function<T, Collection<String>>> fields = new LinkedHashMap<>();
  private final Function<T, Map<String, String>> tags;

  /** {@code tags}: what {@code tag:NAME}, {@code tag-key} and {@code tag-value} look at. */
  Filters(Function<T, Map<String, String>> tags) {
    this.tags = tags;
    fields.put("tag-key", resource -> tags.apply(resource).keySet());
    fields.put("tag-value", resource -> tags.apply(resource).values());
  }

  Filters<T> one(String name, Function<T, String> value) {
    fields.put(name, resource -> List.of(value.apply(resource)));
    return this;
  }

  Filters<T> maybe(String name, Function<T, Optional<String>> value) {
    fields.put(name, resource -> value.apply(resource).stream().toList());
    return this;
  }

  Filters<T> many(String name, Function<T, Collection<String>> values) {
    fields.put(name, values);
    return this;
  }

  /** What is left of {@code all} by the call's {@code Filters}. */
  List<T> apply(Call call, List<T> all) {
    List<T> left = all;
    JsonNode filters =
        call.input().has("Filters") ? call.input().path("Filters") : call.input().path("Filter");
    for (JsonNode filter : filters) {
      Function<T, Collection<String>> field = field(filter.path("Name").asText(""));
      List<Pattern> wanted = patterns(filter.path("Values"));
      left =
          left.stream()
              .filter(resource ->
                  field.apply(resource).stream()
                      .anyMatch(value -> wanted.stream().anyMatch(p -> p.matcher(value).matches())))
              .toList();
    }
    return left;
  }

  private Function<T, Collection<String>> field(String name) {
    if (name.startsWith("tag:")) {
      String key = name.substring("tag:".length());
      return resource -> Optional.ofNullable(tags.apply(resource).get(key)).stream().toList();
    }
    Function<T, Collection<String>> field = fields.get(name);
    if (field == null) {
      throw Ec2.invalid("The filter '" + name + "' is invalid");
    }
    return field;
  }

  private static List<Pattern> patterns(JsonNode values) {
    if (values.size() > VALUES_MAX) {
      throw new AwsException(
          "FilterLimitExceeded",
          400,
          "The maximum number of filter values specified on a single call is " + VALUES_MAX);
    }
    List<Pattern> patterns = new ArrayList<>();
    values.forEach(value -> patterns.add(pattern(value.asText())));
    return patterns;
  }

  private static Pattern pattern(String wanted) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < wanted.length(); i++) {
      char c = wanted.charAt(i);
      if (c == '\\' && i + 1 < wanted.length()) {
        i++;
        regex.append(Pattern.quote(String.valueOf(wanted.charAt(i))));
      } else {
        regex.append(
            switch (c) {
              case '*' -> ".*";
              case '?' -> ".";
              default -> Pattern.quote(String.valueOf(c));
            });
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
