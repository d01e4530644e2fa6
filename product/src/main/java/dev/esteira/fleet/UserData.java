package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * User data as cloud-init reads it, turned into one program that runs at the first boot: scripts,
 * {@code #cloud-config}, several parts of MIME; compressed or not. Pure.
 */
final class UserData {
  /** What EC2 allows. */
  static final int BYTES_MAX = 16_384;

  private static final int UNPACKED_BYTES_MAX = 1 << 20;
  private static final int PARTS_MAX = 64;
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?is)^(?:.*?\\n)?content-type:[^\\n]*multipart/[^\\n]*?(?:\\n[ \\t][^\\n]*?)?"
              + "boundary=\"?([^\"\\s;]+)\"?");

  private UserData() {}

  /** The program; empty when there is nothing that would run. */
  static Optional<byte[]> program(byte[] userData) {
    byte[] plain = unpacked(userData);
    List<String> programs = programs(new String(plain, StandardCharsets.UTF_8));
    if (programs.isEmpty()) {
      return Optional.empty();
    }
    if (programs.size() == 1) {
      return Optional.of(programs.getFirst().getBytes(StandardCharsets.UTF_8));
    }
    return Optional.of(oneAfterTheOther(programs).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] unpacked(byte[] userData) {
    if (userData.length < 2 || userData[0] != 0x1f || userData[1] != (byte) 0x8b) {
      return userData;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(userData))) {
      byte[] plain = in.readNBytes(UNPACKED_BYTES_MAX + 1);
      if (plain.length > UNPACKED_BYTES_MAX) {
        throw EsteiraException.limit("the user data unpacks to over 1 MiB");
      }
      return plain;
    } catch (IOException e) {
      throw EsteiraException.invalid("the user data begins as gzip, but is not: " + e.getMessage());
    }
  }

  private static List<String> programs(String text) {
    String start = text.stripLeading();
    if (start.startsWith("#!")) {
      return List.of(start);
    }
    if (start.startsWith("#cloud-config")) {
      return List.of(CloudConfig.program(start));
    }
    Matcher boundary = BOUNDARY.matcher(text);
    return boundary.lookingAt() ? parts(text, boundary.group(1)) : List.of();
  }

  private static List<String> parts(String text, String boundary) {
    List<String> found = new ArrayList<>();
    String[] pieces = text.replace("\r\n", "\n").split("(?m)^--" + Pattern.quote(boundary), -1);
    for (int i = 1; i < Math.min(pieces.length, PARTS_MAX); i++) {
      String piece = pieces[i];
      int blank = piece.indexOf("\n\n");
      if (piece.startsWith("--") || blank < 0) {
        continue;
      }
      String head = piece.substring(0, blank).toLowerCase(Locale.ROOT);
      String body = piece.substring(blank + 2);
      if (head.contains("content-transfer-encoding: base64")) {
        body = new String(Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8);
      }
      found.addAll(programs(body));
    }
    return found;
  }

  /** As cloud-init does: a part that fails does not keep the next from running. */
  private static String oneAfterTheOther(List<String> programs) {
    StringBuilder all = new StringBuilder("#!/bin/bash\ncode=0\ndir=$(mktemp -d)\n");
    for (int i = 0; i < programs.size(); i++) {
      String data =
          Base64.getEncoder().encodeToString(programs.get(i).getBytes(StandardCharsets.UTF_8));
      all.append("echo '").append(data).append("' | base64 -d > $dir/part-").append(i);
      all.append("\nchmod 700 $dir/part-").append(i);
      all.append("\n$dir/part-").append(i).append(" || code=$?\n");
    }
    return all.append("rm -rf $dir\nexit $code\n").toString();
  }
}
