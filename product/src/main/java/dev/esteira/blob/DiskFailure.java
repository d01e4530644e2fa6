package dev.esteira.blob;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what a failing disk means: full is the caller's to know, all else is ours. */
final class DiskFailure {
  private DiskFailure() {}

  static EsteiraException of(String tried, Path root, IOException cause) {
    if (isFull(cause)) {
      return new EsteiraException(
          ErrorCode.LIMIT,
          tried + ", but the disk is full: no space left on device under " + root + free(root),
          "free some space there, then try again",
          cause);
    }
    return EsteiraException.internal(tried + " under " + root + ", but: " + cause, cause);
  }

  /** The operating system tells it by text alone: ENOSPC and EDQUOT. */
  static boolean isFull(IOException cause) {
    String text = String.valueOf(cause.getMessage());
    return text.contains("No space left on device") || text.contains("Disk quota exceeded");
  }

  private static String free(Path root) {
    try {
      return " (" + Files.getFileStore(root).getUsableSpace() + " bytes free)";
    } catch (IOException e) {
      return "";
    }
  }
}
