package dev.esteira.pipeline.gitlab;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition of {@code rules:if} or {@code only:variables}. Values are texts, truth values,
 * patterns, or nothing. As in GitLab, {@code &&} and {@code ||} take only nothing and false for
 * untrue, while the whole is untrue when it ends as an empty text.
 */
sealed interface Expression {
  /** A text, a truth value or a pattern; null is nothing. */
  @Nullable Object value(Scope scope);

  /** Adds the names of the variables that it looks at. */
  void names(Set<String> into);

  /** Parses it; empty parts, unknown words and loose ends are refused with a reason. */
  static Expression parse(String text) throws ExpressionParser.Refused {
    return new ExpressionParser(text).whole();
  }

  default boolean holds(Scope scope) {
    Object value = value(scope);
    return value instanceof Boolean b ? b : value != null && !value.toString().isBlank();
  }

  default Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    names(names);
    return names;
  }

  /** {@code $NAME}: its value, or nothing when it is not set. */
  record Variable(String name) implements Expression {
    @Override
    public @Nullable Object value(Scope scope) {
      Optional<String> found = scope.value(name);
      return found.isPresent() ? found.get() : null;
    }

    @Override
    public void names(Set<String> into) {
      into.add(name);
    }
  }

  /** A text in quotes, {@code true}, {@code false}, {@code null}. */
  record Literal(@Nullable Object literal) implements Expression {
    @Override
    public @Nullable Object value(Scope scope) {
      return literal;
    }

    @Override
    public void names(Set<String> into) {}
  }

  /** {@code /…/i}, known to be valid. */
  record Regex(Pattern pattern, String written) implements Expression {
    @Override
    public Object value(Scope scope) {
      return pattern;
    }

    @Override
    public void names(Set<String> into) {}
  }

  /** {@code ==}, or {@code !=} when {@code negated}. */
  record Equal(Expression left, Expression right, boolean negated) implements Expression {
    @Override
    public Object value(Scope scope) {
      return Objects.equals(left.value(scope), right.value(scope)) != negated;
    }

    @Override
    public void names(Set<String> into) {
      left.names(into);
      right.names(into);
    }
  }

  /** {@code =~}, or {@code !~} when {@code negated}. */
  record Match(Expression left, Expression right, boolean negated) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object text = left.value(scope);
      return found(text == null ? "" : text.toString(), right.value(scope)) != negated;
    }

    /**
     * A variable may hold a pattern; when it holds another text, GitLab looks for the left side in
     * it.
     */
    private static boolean found(String text, @Nullable Object right) {
      if (right instanceof Pattern pattern) {
        return Patterns.found(pattern, text);
      }
      if (right == null) {
        return false;
      }
      String held = right.toString();
      return Patterns.of(held)
          .map(p -> Patterns.found(p, text))
          .orElseGet(() -> held.contains(text));
    }

    @Override
    public void names(Set<String> into) {
      left.names(into);
      right.names(into);
    }
  }

  /** {@code &&}. */
  record And(Expression left, Expression right) implements Expression {
    @Override
    public @Nullable Object value(Scope scope) {
      Object first = left.value(scope);
      return untrue(first) ? first : right.value(scope);
    }

    @Override
    public void names(Set<String> into) {
      left.names(into);
      right.names(into);
    }
  }

  /** {@code ||}. */
  record Or(Expression left, Expression right) implements Expression {
    @Override
    public @Nullable Object value(Scope scope) {
      Object first = left.value(scope);
      return untrue(first) ? right.value(scope) : first;
    }

    @Override
    public void names(Set<String> into) {
      left.names(into);
      right.names(into);
    }
  }

  private static boolean untrue(@Nullable Object value) {
    return value == null || (value instanceof Boolean known && !known);
  }
}
