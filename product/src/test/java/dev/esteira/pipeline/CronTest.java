package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.esteira.base.EsteiraException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *            | UTC               | 2026-11-22T10:00:30Z | 2026-11-22T10:01:00Z",
        "*/15 * * * *         | UTC               | 2026-11-22T10:45:00Z | 2026-11-22T11:00:00Z",
        "30 4 * * mon-fri     | UTC               | 2026-11-20T05:00:00Z | 2026-11-23T04:30:00Z",
        "0 0 1,15 * *         | UTC               | 2026-11-22T00:00:00Z | 2026-12-01T00:00:00Z",
        "0 12 13 * 5          | UTC               | 2026-11-22T00:00:00Z | 2026-11-27T12:00:00Z",
        "0 0 29 2 *           | UTC               | 2026-11-22T00:00:00Z | 2028-02-29T00:00:00Z",
        "0 9 * * 7            | America/Sao_Paulo | 2026-11-21T00:00:00Z | 2026-11-22T12:00:00Z",
        "@daily               | UTC               | 2026-11-22T00:00:00Z | 2026-11-23T00:00:00Z",
        "5/20 1 * jan,JUL *   | UTC               | 2026-11-22T00:00:00Z | 2027-01-01T01:05:00Z",
      })
  void theNextTimeIsTheOneThatCrontabMeans(String cron, String zone, String now, String next) {
    assertEquals(Instant.parse(next), Cron.parse(cron, zone).after(Instant.parse(now)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* * * *", "60 * * * *", "* 24 * * *", "x * * * *", "5-1 * * * *"})
  void whatIsNoExpressionIsRefused(String cron) {
    assertThrows(EsteiraException.class, () -> Cron.parse(cron, "UTC"));
  }

  @Test
  void aDayThatNeverComesAndAZoneThatIsNoneAreRefused() {
    Cron never = Cron.parse("0 0 31 2 *", "UTC");
    assertThrows(EsteiraException.class, () -> never.after(Instant.EPOCH));
    assertThrows(EsteiraException.class, () -> Cron.parse("@daily", "Mars"));
  }
}
