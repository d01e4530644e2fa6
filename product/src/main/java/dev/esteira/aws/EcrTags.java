package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The tags of repositories. */
final class EcrTags {
  private static final String KIND = "ecr-tags";
  private static final int TAGS_MAX = 50;

  private final Ledger ledger;
  private final BiConsumer<Call, String> existing;

  /** {@code existing} refuses the name of a repository that is not there. */
  EcrTags(Ledger ledger, BiConsumer<Call, String> existing) {
    this.ledger = ledger;
    this.existing = existing;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("ListTagsForResource", this::list);
    operations.put("TagResource", this::tag);
    operations.put("UntagResource", this::untag);
  }

  /** Those given when the repository is made. */
  void set(String repository, JsonNode tags) {
    change(repository, all -> tags.forEach(each -> put(all, each)));
  }

  void forget(String repository) {
    ledger.write(tx -> tx.delete(KIND, repository));
  }

  private ObjectNode list(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode tags = answer.putArray("tags");
    of(repository(call))
        .forEach((key, value) -> tags.addObject().put("Key", key).put("Value", value));
    return answer;
  }

  private ObjectNode tag(Call call) {
    set(repository(call), call.input().path("tags"));
    return Json.object();
  }

  private ObjectNode untag(Call call) {
    change(repository(call), all -> call.texts("tagKeys").forEach(all::remove));
    return Json.object();
  }

  /** The repository that an ARN names: {@code arn:aws:ecr:REGION:ACCOUNT:repository/NAME}. */
  private String repository(Call call) {
    String arn = call.text("resourceArn");
    int mark = arn.indexOf(":repository/");
    if (mark < 0) {
      throw new AwsException(
          "InvalidParameterException", 400, "'" + arn + "' is not the ARN of a repository");
    }
    String name = arn.substring(mark + ":repository/".length());
    existing.accept(call, name);
    return name;
  }

  private Map<String, String> of(String repository) {
    Map<String, String> tags = new TreeMap<>();
    ledger
        .get(KIND, repository)
        .ifPresent(stored ->
            Json.parse(stored.body())
                .properties()
                .forEach(each -> tags.put(each.getKey(), each.getValue().asText())));
    return tags;
  }

  private void change(String repository, java.util.function.Consumer<Map<String, String>> change) {
    Map<String, String> tags = of(repository);
    change.accept(tags);
    if (tags.size() > TAGS_MAX) {
      throw new AwsException(
          "TooManyTagsException", 400, "a repository has at most " + TAGS_MAX + " tags");
    }
    ledger.write(tx -> {
      tx.put(KIND, repository, Json.write(tags));
      return true;
    });
  }

  private static void put(Map<String, String> all, JsonNode tag) {
    all.put(tag.path("Key").asText(), tag.path("Value").asText(""));
  }
}
