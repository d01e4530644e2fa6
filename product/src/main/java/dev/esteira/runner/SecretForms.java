package dev.esteira.runner;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The forms in which a secret can show up in a log: as it is, line by line, in base64 at each of
 * the three alignments (plain and URL-safe, wrapped or not), percent-encoded, and escaped for JSON
 * and for a shell. No form contains a line end.
 */
final class SecretForms {
  /** Shorter ones would mask half the log. */
  static final int CHARACTERS_MIN = 3;

  private static final int ENCODED_MIN = 6;
  private static final int[] BASE64_COLUMNS = {64, 76};

  private final Set<String> forms = new LinkedHashSet<>();

  private SecretForms() {}

  static List<byte[]> of(Collection<String> secrets) {
    SecretForms all = new SecretForms();
    secrets.forEach(all::add);
    List<byte[]> bytes = new ArrayList<>();
    all.forms.forEach(form -> bytes.add(form.getBytes(StandardCharsets.UTF_8)));
    return bytes;
  }

  private void add(String secret) {
    String value = secret.strip();
    if (value.length() < CHARACTERS_MIN) {
      return;
    }
    List<String> lines = value.lines().map(String::strip).toList();
    lines.stream().filter(line -> line.length() >= CHARACTERS_MIN).forEach(this::addLine);
    addBase64(value);
    if (!value.equals(secret)) {
      addBase64(secret);
    }
    if (lines.size() > 1) {
      lines.stream().filter(line -> line.length() >= ENCODED_MIN).forEach(this::addBase64);
      addEncoded(value);
    }
  }

  private void addLine(String line) {
    forms.add(line);
    addEncoded(line);
  }

  private void addEncoded(String text) {
    String strict = URLEncoder.encode(text, StandardCharsets.UTF_8);
    String blanks = strict.replace("+", "%20");
    for (String form : List.of(strict, blanks, lenient(blanks), blanks.replace("%2F", "/"))) {
      addForm(form);
      addForm(lowerHex(form));
    }
    addForm(text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
    addForm(text.replace("'", "'\\''").replace("\n", "\\n"));
  }

  /** Percent-encoding as browsers do it leaves these characters alone. */
  private static String lenient(String encoded) {
    return encoded
        .replace("%21", "!")
        .replace("%27", "'")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%7E", "~");
  }

  private static String lowerHex(String encoded) {
    StringBuilder lower = new StringBuilder(encoded);
    for (int i = encoded.indexOf('%'); i >= 0; i = encoded.indexOf('%', i + 1)) {
      int end = Math.min(i + 3, encoded.length());
      lower.replace(i, end, encoded.substring(i, end).toLowerCase(Locale.ROOT));
    }
    return lower.toString();
  }

  /** Only characters that neighbours of the secret cannot change count. */
  private void addBase64(String text) {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[shift + value.length];
      System.arraycopy(value, 0, shifted, shift, value.length);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      int from = (8 * shift + 5) / 6;
      int to = 8 * shifted.length / 6;
      String whole = encoded.substring(from, to);
      addForm(whole);
      addForm(whole.replace('+', '-').replace('/', '_'));
    }
    String encoded = Base64.getEncoder().encodeToString(value);
    for (int columns : BASE64_COLUMNS) {
      for (int at = 0; encoded.length() > columns && at < encoded.length(); at += columns) {
        addForm(encoded.substring(at, Math.min(at + columns, encoded.length())));
      }
    }
  }

  private void addForm(String form) {
    if (form.length() >= ENCODED_MIN && form.indexOf('\n') < 0) {
      forms.add(form);
    }
  }
}
