package dev.esteira.fleet.group;

/** A tag of a group; {@code propagate}: new instances get it too. */
public record GroupTag(String key, String value, boolean propagate) {
  /** The key of the tag by which a group chooses how terminate-instances ends its members. */
  public static final String TERMINATE = "esteira:terminate";

  /** The value: the replacement is started and checked first. */
  public static final String REPLACE_FIRST = "replace-first";
}
