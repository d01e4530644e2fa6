package dev.esteira.aws;

import java.util.List;
import java.util.Map;

/** Resources of one kind that carry tags. */
interface Taggable {
  /** What their ids begin with, such as {@code vpc-}. */
  String prefix();

  /** Their kind's name in tag specifications and in describe-tags, such as {@code vpc}. */
  String resourceType();

  /** The tags of each by its id. */
  Map<String, Map<String, String>> tags();

  /** What to answer for an id that is not there. */
  AwsException notFound(String id);

  /** Sets and removes tags, durable when it returns. */
  void tag(String id, Map<String, String> set, List<String> removed);
}
