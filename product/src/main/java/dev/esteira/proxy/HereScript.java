package dev.esteira.proxy;

/** The here-document of a {@code RUN} that has nothing else: a script. */
final class HereScript {
  private HereScript() {}

  /** What the shell is to run: the text itself, or the program that its first line names. */
  static String of(HereDocument document) {
    String content = document.content();
    if (!content.startsWith("#!")) {
      return content;
    }
    // No line of a document is its end, so the end can serve once more.
    return """
    mkdir -p /tmp 2>/dev/null
    script=$(mktemp) || exit
    status=0
    cat > "$script" <<'%1$s'
    %2$s%1$s
    chmod 755 "$script"
    "$script" || status=$?
    rm -f "$script"
    exit "$status"
    """
        .formatted(document.name(), content);
  }
}
