package dev.esteira.console;

import dev.esteira.base.EsteiraException;
import dev.esteira.git.Repositories;
import dev.esteira.http.Exchange;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What the pages are made of. Every text that comes from outside is escaped here. */
final class Html {
  private static final String FRAME = resource("frame.html");
  private static final int COMMIT_CHARS = 8;

  private Html() {}

  static void page(Exchange exchange, String title, String body) throws IOException {
    String html = FRAME.replace("{{title}}", escape(title)).replace("{{body}}", body);
    exchange
        .set(
            "Content-Security-Policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
        .set("Referrer-Policy", "no-referrer");
    exchange.send(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** The state, in its colour. */
  static String state(String state) {
    return "<b class=\"%1$s\">%1$s</b>".formatted(escape(state));
  }

  static String code(String text) {
    return "<code>" + escape(text) + "</code>";
  }

  /** The branch or tag and the commit of a run. */
  static String revision(Runs.Run run) {
    String commit = run.commit();
    String ref = run.ref().replaceFirst("^refs/(heads|tags)/", "");
    return code(commit.length() > COMMIT_CHARS ? commit.substring(0, COMMIT_CHARS) : commit)
        + " of "
        + code(ref);
  }

  /** The first line of a run's commit message; empty once that commit is gone. */
  static String subject(Repositories repositories, Runs.Run run) {
    try {
      String message = repositories.info(run.project(), run.commit()).message();
      return escape(message.lines().findFirst().orElse(""));
    } catch (EsteiraException e) {
      return "";
    }
  }

  static String time(Instant at) {
    return "<time>" + at.truncatedTo(ChronoUnit.SECONDS) + "</time>";
  }

  /** How long an ended run took; empty while it goes on. */
  static String took(Runs.Run run) {
    return run.endedAt()
        .map(ended -> Duration.between(run.createdAt(), ended).toMillis() / 1_000.0)
        .map(seconds -> String.format(Locale.ROOT, "%.1f s", seconds))
        .orElse("");
  }

  static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("could not read the resource " + name, e);
    }
  }
}
