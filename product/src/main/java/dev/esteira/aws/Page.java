package dev.esteira.aws;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** One page of a list, and the token that asks for the next one. */
record Page<T>(List<T> items, Optional<String> nextToken) {
  Page {
    items = List.copyOf(items);
  }

  /** Cuts by {@code maxResults} and {@code nextToken} of the call. */
  static <T> Page<T> of(Call call, List<T> all, int sizeMax) {
    return of(call, "maxResults", "nextToken", all, sizeMax);
  }

  /** The same where the members of the input have other names. */
  static <T> Page<T> of(Call call, String results, String token, List<T> all, int sizeMax) {
    int size = Math.clamp(call.number(results, sizeMax), 1, 1_000);
    int from = Math.min(call.optional(token).map(Page::offset).orElse(0), all.size());
    int until = Math.min(from + size, all.size());
    Optional<String> next = until < all.size() ? Optional.of(token(until)) : Optional.empty();
    return new Page<>(all.subList(from, until), next);
  }

  private static String token(int offset) {
    return Base64.getUrlEncoder()
        .encodeToString(("offset:" + offset).getBytes(StandardCharsets.UTF_8));
  }

  private static int offset(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      return Math.max(0, Integer.parseInt(text.replaceFirst("^offset:", "")));
    } catch (IllegalArgumentException e) {
      throw new AwsException(
          "InvalidParameterException", 400, "Invalid parameter at 'nextToken': '" + token + "'");
    }
  }
}
