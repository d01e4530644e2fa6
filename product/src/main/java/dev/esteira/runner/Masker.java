package dev.esteira.runner;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Finds secrets in bytes and puts asterisks in their place: those that it is told, and every token
 * of this house by its form, for a job can ask for more of them while it runs.
 */
final class Masker {
  static final byte[] MASK = {'*', '*', '*'};

  private static final byte[][] NONE = {};
  private static final byte[] TOKEN_BEGINNING = {'e', 's', 't', '-'};
  private static final int TOKEN_LENGTH = 44;

  private final byte[][][] byFirst = new byte[256][][];
  private final int longest;

  /** A place that is to be masked. */
  private record Span(int from, int to) {}

  Masker(Collection<String> secrets) {
    List<byte[]> forms = new ArrayList<>(SecretForms.of(secrets));
    forms.sort(Comparator.<byte[]>comparingInt(f -> f.length).reversed());
    for (int first = 0; first < 256; first++) {
      byte start = (byte) first;
      byFirst[first] = forms.stream().filter(f -> f[0] == start).toList().toArray(NONE);
    }
    this.longest =
        Math.max(TOKEN_LENGTH + 1, forms.stream().mapToInt(f -> f.length).max().orElse(0));
  }

  /** How many bytes after a position must be known to be sure of it. */
  int longest() {
    return longest;
  }

  /** Where to cut near {@code at}, so that no secret in the first {@code length} bytes is cut. */
  int cut(byte[] bytes, int length, int at) {
    for (Span span : spans(bytes, length)) {
      if (span.from < at && span.to > at) {
        return span.from > 0 ? span.from : span.to;
      }
    }
    return at;
  }

  byte[] mask(byte[] bytes, int length) {
    List<Span> spans = spans(bytes, length);
    if (spans.isEmpty()) {
      return Arrays.copyOf(bytes, length);
    }
    ByteArrayOutputStream masked = new ByteArrayOutputStream(length);
    int from = 0;
    for (Span span : spans) {
      masked.write(bytes, from, span.from - from);
      masked.write(MASK, 0, MASK.length);
      from = span.to;
    }
    masked.write(bytes, from, length - from);
    return masked.toByteArray();
  }

  /** All places with a secret, in order; those that overlap are joined. */
  private List<Span> spans(byte[] bytes, int length) {
    List<Span> spans = new ArrayList<>();
    for (int at = 0; at < length; at++) {
      int end = longestAt(bytes, length, at);
      if (end > at) {
        Span last = spans.isEmpty() ? null : spans.getLast();
        if (last != null && at < last.to) {
          spans.set(spans.size() - 1, new Span(last.from, Math.max(last.to, end)));
        } else {
          spans.add(new Span(at, end));
        }
      }
    }
    return spans;
  }

  private int longestAt(byte[] bytes, int length, int at) {
    for (byte[] form : byFirst[bytes[at] & 0xff]) {
      int end = at + form.length;
      if (end <= length && Arrays.equals(bytes, at, end, form, 0, form.length)) {
        return end;
      }
    }
    return isToken(bytes, length, at) ? at + TOKEN_LENGTH : at;
  }

  /** A word of its own: the end of {@code latest-} and a long hash is none. */
  private static boolean isToken(byte[] bytes, int length, int at) {
    int end = at + TOKEN_LENGTH;
    int from = at + TOKEN_BEGINNING.length;
    if (end > length
        || !Arrays.equals(bytes, at, from, TOKEN_BEGINNING, 0, TOKEN_BEGINNING.length)
        || (at > 0 && isWord(bytes[at - 1]))
        || (end < length && isWord(bytes[end]))) {
      return false;
    }
    for (int i = from; i < end; i++) {
      if (!isWord(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWord(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z');
  }
}
