package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads conditions: {@code ||} binds least, then {@code &&}, then the comparisons, all from left to
 * right; parentheses group.
 */
final class ExpressionParser {
  private static final int TOKENS_MAX = 300;
  private static final int DEPTH_MAX = 50;
  private static final int QUOTED_MAX = 20;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<open>\\()|(?<close>\\))|\\$(?<variable>\\w+)|(?<string>\"[^\"]*\"|'[^']*')"
              + "|(?<regex>/(?:\\\\.|[^/\\\\])+/[ismU]*)|(?<word>(?:null|true|false)\\b)"
              + "|(?<operator>==|=~|!=|!~|&&|\\|\\|))");

  private final List<Token> tokens = new ArrayList<>();
  private final String text;
  private int next;
  private int depth;

  private enum Kind {
    OPEN,
    CLOSE,
    VALUE,
    OPERATOR
  }

  private record Token(Kind kind, String text, Optional<Expression> value) {}

  /** Why a condition is none. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  ExpressionParser(String text) {
    this.text = text;
  }

  Expression whole() throws Refused {
    tokenize();
    if (tokens.isEmpty()) {
      throw new Refused("there is no condition");
    }
    Expression all = either();
    if (next < tokens.size()) {
      throw new Refused("nothing joins '" + tokens.get(next).text() + "' to what is before it");
    }
    return all;
  }

  private void tokenize() throws Refused {
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (!text.substring(at).isBlank()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new Refused(unknown(text.substring(at).strip()));
      }
      tokens.add(token(matcher));
      at = matcher.end();
      if (tokens.size() > TOKENS_MAX) {
        throw new Refused("it has more than " + TOKENS_MAX + " parts");
      }
    }
  }

  private static String unknown(String rest) {
    String shown = rest.length() > QUOTED_MAX ? rest.substring(0, QUOTED_MAX) + "…" : rest;
    if (rest.startsWith("${")) {
      return "'" + shown + "': variables are written $NAME here, without braces";
    }
    if (rest.startsWith("\"") || rest.startsWith("'")) {
      return "'" + shown + "': the quotation mark is never closed";
    }
    if (rest.startsWith("!")) {
      return "'" + shown + "': there is no '!' before a value; compare with == null or != ";
    }
    return "'" + shown + "' has no meaning here; texts stand in quotes, patterns between slashes";
  }

  private static Token token(Matcher m) throws Refused {
    String written = m.group().strip();
    if (m.group("open") != null) {
      return new Token(Kind.OPEN, written, Optional.empty());
    }
    if (m.group("close") != null) {
      return new Token(Kind.CLOSE, written, Optional.empty());
    }
    if (m.group("operator") != null) {
      return new Token(Kind.OPERATOR, written, Optional.empty());
    }
    return new Token(Kind.VALUE, written, Optional.of(value(m, written)));
  }

  private static Expression value(Matcher m, String written) throws Refused {
    String variable = m.group("variable");
    if (variable != null) {
      return new Expression.Variable(variable);
    }
    if (m.group("string") != null) {
      return new Expression.Literal(written.substring(1, written.length() - 1));
    }
    if (m.group("regex") != null) {
      return new Expression.Regex(
          Patterns.of(written)
              .orElseThrow(() -> new Refused("'" + written + "' is no valid pattern")),
          written);
    }
    return new Expression.Literal(written.equals("null") ? null : Boolean.valueOf(written));
  }

  private Expression either() throws Refused {
    depth++;
    if (depth > DEPTH_MAX) {
      throw new Refused("more than " + DEPTH_MAX + " parentheses inside each other");
    }
    Expression left = both();
    while (takes("||")) {
      left = new Expression.Or(left, both());
    }
    depth--;
    return left;
  }

  private Expression both() throws Refused {
    Expression left = comparison();
    while (takes("&&")) {
      left = new Expression.And(left, comparison());
    }
    return left;
  }

  private Expression comparison() throws Refused {
    Expression left = single();
    while (next < tokens.size()) {
      switch (tokens.get(next).text()) {
        case "==" -> left = new Expression.Equal(left, right(), false);
        case "!=" -> left = new Expression.Equal(left, right(), true);
        case "=~" -> left = new Expression.Match(left, right(), false);
        case "!~" -> left = new Expression.Match(left, right(), true);
        default -> {
          return left;
        }
      }
    }
    return left;
  }

  private Expression right() throws Refused {
    next++;
    return single();
  }

  private Expression single() throws Refused {
    if (next >= tokens.size()) {
      throw new Refused("something is missing at the end");
    }
    Token token = tokens.get(next++);
    if (token.value().isPresent()) {
      return token.value().get();
    }
    if (token.kind() != Kind.OPEN) {
      throw new Refused("a value is missing before '" + token.text() + "'");
    }
    Expression inside = either();
    if (next >= tokens.size() || tokens.get(next).kind() != Kind.CLOSE) {
      throw new Refused("a parenthesis is opened and never closed");
    }
    next++;
    return inside;
  }

  private boolean takes(String operator) {
    boolean here =
        next < tokens.size()
            && tokens.get(next).kind() == Kind.OPERATOR
            && tokens.get(next).text().equals(operator);
    next += here ? 1 : 0;
    return here;
  }
}
