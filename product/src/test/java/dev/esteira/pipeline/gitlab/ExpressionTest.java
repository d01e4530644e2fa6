package dev.esteira.pipeline.gitlab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The truth table of conditions: $SET is "yes", $EMPTY is set and empty, $NONE is not set. */
class ExpressionTest {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "SET", "yes",
          "OTHER", "no",
          "EMPTY", "",
          "BLANK", "  ",
          "BRANCH", "feature/new-login",
          "TAG", "v1.10",
          "PATTERN", "/^feature\\/.*/",
          "CASELESS", "/^FEATURE/i",
          "WORD", "a yes b",
          "LINES", "first\nsecond");

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "$SET                               # true",
        "$EMPTY                             # false",
        "$BLANK                             # false",
        "$NONE                              # false",
        "$SET == \"yes\"                    # true",
        "$SET == 'yes'                      # true",
        "$SET == \"no\"                     # false",
        "$SET != \"no\"                     # true",
        "$SET != \"yes\"                    # false",
        "\"yes\" == $SET                    # true",
        "$SET == $SET                       # true",
        "$SET == $OTHER                     # false",
        "$NONE == null                      # true",
        "$NONE != null                      # false",
        "null == $NONE                      # true",
        "$EMPTY == null                     # false",
        "$EMPTY != null                     # true",
        "$EMPTY == \"\"                     # true",
        "$NONE == \"\"                      # false",
        "$NONE != \"\"                      # true",
        "$NONE == $MISSING                  # true",
        "$SET == null                       # false",
        "$SET != null                       # true",
        "$SET == true                       # false",
        "$BRANCH =~ /^feature/              # true",
        "$BRANCH =~ /^FEATURE/              # false",
        "$BRANCH =~ /^FEATURE/i             # true",
        "$BRANCH =~ /login$/                # true",
        "$BRANCH =~ /^feature\\/new/        # true",
        "$BRANCH !~ /^feature/              # false",
        "$BRANCH !~ /^release/              # true",
        "$TAG =~ /^v\\d+\\.\\d+$/           # true",
        "$TAG =~ /^v[[:digit:]]+\\./        # true",
        "$TAG =~ /^v(1|2)\\.[0-9]{2}$/      # true",
        "$TAG =~ /[]v]1/                    # true",
        "$LINES =~ /first.second/           # false",
        "$LINES =~ /first.second/s          # true",
        "$LINES =~ /^second/                # false",
        "$LINES =~ /^second/m               # true",
        "$NONE =~ /x/                       # false",
        "$NONE !~ /x/                       # true",
        "$NONE =~ /x*/                      # true",
        "$EMPTY =~ /^$/                     # true",
        "$BRANCH =~ $PATTERN                # true",
        "$TAG =~ $PATTERN                   # false",
        "$BRANCH =~ $CASELESS               # true",
        "$BRANCH !~ $PATTERN                # false",
        "$SET =~ $WORD                      # true",
        "$TAG =~ $WORD                      # false",
        "$SET =~ $NONE                      # false",
        "$SET !~ $NONE                      # true",
        "$SET && $OTHER                     # true",
        "$SET && $NONE                      # false",
        "$NONE && $SET                      # false",
        "$SET && $EMPTY                     # false",
        "$EMPTY && $SET                     # true",
        "$SET || $NONE                      # true",
        "$NONE || $SET                      # true",
        "$NONE || $MISSING                  # false",
        "$EMPTY || $SET                     # false",
        "$NONE || $EMPTY                    # false",
        "$SET == \"yes\" && $OTHER == \"no\" # true",
        "$SET == \"no\" || $OTHER == \"no\"  # true",
        "$SET || $NONE && $MISSING          # true",
        "($SET || $NONE) && $MISSING        # false",
        "$NONE && $MISSING || $SET          # true",
        "$NONE && ($MISSING || $SET)        # false",
        "(($SET))                           # true",
        "( $SET == \"yes\" )                # true",
        "$SET==\"yes\"&&$OTHER==\"no\"      # true",
        "\"text\"                           # true",
        "\"\"                               # false",
        "null                               # false",
        "true                               # true",
        "false                              # false",
      })
  void holdsAsOnGitLab(String condition, boolean expected) throws Exception {
    Scope scope = new Scope().add(VARIABLES);
    assertEquals(expected, Expression.parse(condition).holds(scope));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "${SET} == \"yes\"",
        "$SET == ",
        "== \"yes\"",
        "$SET = \"yes\"",
        "$SET == yes",
        "$SET $OTHER",
        "$SET && || $OTHER",
        "($SET",
        "$SET)",
        "()",
        "!$SET",
        "$SET == \"yes",
        "$BRANCH =~ /(/",
        "$BRANCH =~ /[z-a]/",
        "$BRANCH =~ feature",
        "$SET === \"yes\"",
        "$SET & $OTHER",
        "1 == 1",
      })
  void refusesWhatIsNoCondition(String condition) {
    assertThrows(ExpressionParser.Refused.class, () -> Expression.parse(condition));
  }
}
