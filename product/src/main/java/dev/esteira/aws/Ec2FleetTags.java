package dev.esteira.aws;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tags of one kind of the fleet's resources. */
record Ec2FleetTags(
    String prefix,
    String resourceType,
    Supplier<Map<String, Map<String, String>>> all,
    Function<String, AwsException> missing,
    Change change)
    implements Taggable {
  /** Sets and removes tags of one. */
  @FunctionalInterface
  interface Change {
    void apply(String id, Map<String, String> set, List<String> removed);
  }

  @Override
  public Map<String, Map<String, String>> tags() {
    return all.get();
  }

  @Override
  public AwsException notFound(String id) {
    return missing.apply(id);
  }

  @Override
  public void tag(String id, Map<String, String> set, List<String> removed) {
    change.apply(id, set, removed);
  }
}
