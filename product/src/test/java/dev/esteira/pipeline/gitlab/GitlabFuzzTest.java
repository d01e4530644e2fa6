package dev.esteira.pipeline.gitlab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in a file, it is planned or refused as {@code INVALID} or {@code LIMIT}. A seed
 * that fails prints itself; {@code -Desteira.fuzz.seed=N} plays it alone.
 */
class GitlabFuzzTest {
  private static final int SEEDS = Integer.getInteger("esteira.fuzz.seeds", 3000);
  private static final String[] SHARDS = {
    "rules:",
    "needs: [",
    "&a",
    "*a",
    "<<: *a",
    "!reference [a, b]",
    "${",
    "$[[ inputs.x ]]",
    "'",
    "\"",
    ": ",
    "- ",
    "  ",
    "\t",
    "\r\n",
    "{}",
    "[]",
    "null",
    "~",
    "0123",
    "-1",
    "99999999999999",
    "if: $A == ",
    "=~ /(a+)+$/",
    "extends: .a",
    "include: .gitlab-ci.yml",
    "parallel: 0",
    "🙂",
    "\u0000",
    "%",
    "#=== x.yml\n",
    "when: never",
    "---\n",
    "...\n",
    "? ",
    "| ",
    "> ",
    "script:",
    "trigger:",
    "stage: ",
    "variables:",
    "image:",
    "default:",
    "inherit: false",
  };

  @Test
  void anyFileIsPlannedOrRefused() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : GitlabScenariosTest.scenarios()) {
      texts.add(Files.readString(file));
    }
    Integer only = Integer.getInteger("esteira.fuzz.seed");
    int from = only == null ? 0 : only;
    int to = only == null ? SEEDS : only + 1;
    int planned = 0;
    for (int seed = from; seed < to; seed++) {
      planned += plans(mutated(texts, new Random(seed)), seed) ? 1 : 0;
    }
    assertTrue(only != null || planned > SEEDS / 20, planned + " of " + SEEDS + " were planned");
  }

  private static boolean plans(String text, int seed) {
    try {
      Scenario scenario = Scenario.of(text);
      GitlabDialect dialect = new GitlabDialect(scenario.projects());
      return dialect.explain(scenario.tree(), scenario.request()).isPresent();
    } catch (EsteiraException e) {
      boolean expected = e.code() == ErrorCode.INVALID || e.code() == ErrorCode.LIMIT;
      assertTrue(expected, "seed " + seed + ": " + e);
      return false;
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // A scenario's own comments were cut: that says nothing of the dialect.
      boolean ours = e.getStackTrace()[0].getClassName().contains("Scenario");
      if (ours) {
        return false;
      }
      throw new AssertionError("seed " + seed, e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static String mutated(List<String> texts, Random random) {
    StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && !text.isEmpty(); i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(30));
      switch (random.nextInt(6)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, SHARDS[random.nextInt(SHARDS.length)]);
        case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
        case 3 -> text.setCharAt(at, (char) random.nextInt(0x250));
        case 4 -> text.append(texts.get(random.nextInt(texts.size())));
        default -> moved(text, random);
      }
    }
    return text.toString();
  }

  /** A line goes to where another one is. */
  private static void moved(StringBuilder text, Random random) {
    List<String> lines = new ArrayList<>(List.of(text.toString().split("\n", -1)));
    String line = lines.remove(random.nextInt(lines.size()));
    lines.add(random.nextInt(lines.size() + 1), line);
    text.setLength(0);
    text.append(String.join("\n", lines));
  }
}
