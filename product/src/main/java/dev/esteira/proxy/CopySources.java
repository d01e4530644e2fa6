package dev.esteira.proxy;

import dev.esteira.base.Json;
import dev.esteira.proxy.DockerfileText.Instruction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a {@code COPY} or {@code ADD} copies, and where to.
 *
 * @param plain files, patterns and addresses
 * @param documents here-documents
 */
record CopySources(List<String> plain, List<HereDocument> documents, String destination) {
  private static final Pattern OCTAL = Pattern.compile("[0-7]{3,4}");
  private static final Pattern URL = Pattern.compile("(?i)https?://.*");

  CopySources {
    plain = List.copyOf(plain);
    documents = List.copyOf(documents);
  }

  static CopySources of(Instruction instruction, List<String> words) {
    List<String> plain = new ArrayList<>();
    Iterator<HereDocument> documents = instruction.documents().iterator();
    List<HereDocument> found = new ArrayList<>();
    for (String word : words.subList(0, words.size() - 1)) {
      if (documents.hasNext() && HereDocument.words(word).matches()) {
        found.add(documents.next());
      } else {
        plain.add(word);
      }
    }
    return new CopySources(plain, found, words.getLast());
  }

  static boolean isOctal(String mode) {
    return OCTAL.matcher(mode).matches();
  }

  boolean hasUrl() {
    return plain.stream().anyMatch(source -> URL.matcher(source).matches());
  }

  /** The sources that are no here-documents, and the destination. */
  String plainText() {
    List<String> words = new ArrayList<>(plain);
    words.add(destination);
    return Json.write(words);
  }

  /** A shell command that gives what was copied these permissions. */
  String chmod(String mode) {
    List<String> commands = new ArrayList<>();
    for (String source : plain) {
      String name = source.replaceFirst("/+$", "").replaceFirst("^.*/", "");
      String inside = destination.replaceFirst("/+$", "") + "/" + name;
      commands.add(
          name.matches(".*[*?\\[].*")
              ? "chmod -R " + mode + " " + inside
              : "if [ -e "
                  + inside
                  + " ]; then chmod -R "
                  + mode
                  + " "
                  + inside
                  + "; else chmod -R "
                  + mode
                  + " "
                  + destination
                  + "; fi");
    }
    return String.join(" && ", commands);
  }
}
