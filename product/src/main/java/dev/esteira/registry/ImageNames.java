package dev.esteira.registry;

import dev.esteira.base.Digest;
import java.util.regex.Pattern;

/** The grammar of repository names and tags (OCI distribution 1.1, "Pulling manifests"). */
final class ImageNames {
  private static final int NAME_CHARACTERS_MAX = 255;
  private static final String PART = "[a-z0-9]++(?:(?:\\.|_{1,2}|-+)[a-z0-9]++)*+";
  private static final Pattern NAME = Pattern.compile(PART + "(?:/" + PART + ")*+");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  private ImageNames() {}

  static String name(String text) {
    if (text.length() > NAME_CHARACTERS_MAX || !NAME.matcher(text).matches()) {
      throw new RegistryError(
          RegistryError.Code.NAME_INVALID,
          "'"
              + text
              + "' is no repository name: lower-case letters and digits, parted by . _ __ - or /,"
              + " at most "
              + NAME_CHARACTERS_MAX
              + " characters");
    }
    return text;
  }

  static String tag(String text) {
    if (!TAG.matcher(text).matches()) {
      throw new RegistryError(
          RegistryError.Code.TAG_INVALID,
          "'" + text + "' is no tag: at most 128 letters, digits, '.', '_' and '-'");
    }
    return text;
  }

  static Digest digest(String text) {
    if (!Digest.isDigest(text)) {
      throw new RegistryError(
          RegistryError.Code.DIGEST_INVALID,
          "'" + text + "' is no digest: expected sha256: and 64 lower-case hex digits");
    }
    return new Digest(text);
  }

  /** Whether a reference is meant as a digest; a tag has no colon. */
  static boolean isDigest(String reference) {
    return reference.indexOf(':') >= 0;
  }
}
