package dev.esteira.engine;

import dev.esteira.base.EsteiraException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image as Docker reads it (distribution reference grammar): {@code
 * [host/]path[:tag][@digest]}. A name without a host belongs to docker.io, and there a path of one
 * part belongs to {@code library/}.
 *
 * <p>Always kept in the whole form: {@code python:3} has host {@code docker.io}, path {@code
 * library/python}, tag {@code 3}.
 */
public record ImageName(String host, String path, Optional<String> tag, Optional<String> digest) {
  /** The host of names that have none. */
  public static final String DOCKER_HUB = "docker.io";

  /** The tag that is meant where neither a tag nor a digest stands. */
  public static final String LATEST = "latest";

  private static final int REPOSITORY_CHARACTERS_MAX = 255;
  private static final String OFFICIAL = "library/";
  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
              + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
              + "|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
              + "(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
  private static final Pattern BARE_ID = Pattern.compile("[a-f0-9]{64}");

  public ImageName {
    String name = host + "/" + path;
    require(HOST.matcher(host).matches(), name, "the host must be a DNS name or address");
    require(
        PATH.matcher(path).matches(),
        name,
        "a repository is lower-case letters and digits, separated by '.', '_', '__', '-' or '/'");
    require(
        name.length() <= REPOSITORY_CHARACTERS_MAX,
        name,
        "host and repository have at most " + REPOSITORY_CHARACTERS_MAX + " characters");
    tag.ifPresent(t ->
        require(
            TAG.matcher(t).matches(),
            name + ":" + t,
            "a tag is at most 128 letters, digits, '_', '.' and '-', and starts with none of"
                + " the last two"));
    digest.ifPresent(d ->
        require(
            DIGEST.matcher(d).matches(),
            name + "@" + d,
            "a digest is an algorithm, ':' and at least 32 hexadecimal digits"));
  }

  /** Reads a name as {@code docker} does; {@code INVALID} names the rule that it breaks. */
  public static ImageName parse(String text) {
    require(!text.isBlank(), text, "it is empty");
    require(
        !BARE_ID.matcher(text).matches(), text, "64 hexadecimal digits alone are an id, no name");
    int at = text.indexOf('@');
    Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
    String rest = at < 0 ? text : text.substring(0, at);
    int colon = rest.lastIndexOf(':');
    Optional<String> tag = Optional.empty();
    if (colon > rest.lastIndexOf('/')) {
      tag = Optional.of(rest.substring(colon + 1));
      rest = rest.substring(0, colon);
    }
    String[] parts = splitHost(rest);
    require(
        parts[1].equals(parts[1].toLowerCase(java.util.Locale.ROOT)),
        text,
        "the repository must be lower-case");
    return new ImageName(parts[0], parts[1], tag, digest);
  }

  private static String[] splitHost(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean isHost =
        first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
    String host = isHost ? first : DOCKER_HUB;
    String path = isHost ? name.substring(slash + 1) : name;
    if (host.equals("index.docker.io")) {
      host = DOCKER_HUB;
    }
    if (host.equals(DOCKER_HUB) && !path.contains("/")) {
      path = OFFICIAL + path;
    }
    return new String[] {host, path};
  }

  /** Host and path: {@code docker.io/library/python}. */
  public String repository() {
    return host + "/" + path;
  }

  /** The whole form, {@code :latest} added where neither tag nor digest stands. */
  public String normalised() {
    return repository() + suffix(tag.isEmpty() && digest.isEmpty() ? Optional.of(LATEST) : tag);
  }

  /** The short form that {@code docker images} prints: {@code python:3}, {@code host/x:1}. */
  public String familiar() {
    return familiarRepository() + suffix(tag);
  }

  /** The short form of host and path alone: {@code python}, {@code team/app}, {@code host/x}. */
  public String familiarRepository() {
    if (!host.equals(DOCKER_HUB)) {
      return repository();
    }
    boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
    return official ? path.substring(OFFICIAL.length()) : path;
  }

  /** What a registry is asked for: the digest where there is one, else the tag, else latest. */
  public String reference() {
    return digest.orElseGet(() -> tag.orElse(LATEST));
  }

  public ImageName withTag(String newTag) {
    return new ImageName(host, path, Optional.of(newTag), Optional.empty());
  }

  public ImageName withDigest(String newDigest) {
    return new ImageName(host, path, Optional.empty(), Optional.of(newDigest));
  }

  public ImageName withHost(String newHost) {
    return new ImageName(newHost, path, tag, digest);
  }

  @Override
  public String toString() {
    return familiar();
  }

  private String suffix(Optional<String> shownTag) {
    return shownTag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }

  private static void require(boolean holds, String name, String rule) {
    if (!holds) {
      throw EsteiraException.invalid("'" + name + "' is no image name: " + rule);
    }
  }
}
