package dev.esteira.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.store.Ledger;
import dev.esteira.store.SqliteLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotClaimsTest {
  @TempDir Path directory;

  @Test
  void homesOfOneMachineHaveDifferentSlotsAndKeepThem() throws IOException {
    int first = take("one");
    int second = take("two");
    assertNotEquals(first, second);
    assertEquals(first, take("one"));
    assertEquals(second, take("two"));
  }

  @Test
  void theSlotOfAHomeThatWasDeletedIsFree() throws IOException {
    int first = take("one");
    Files.delete(directory.resolve("one/id"));
    assertEquals(first, take("two"));
  }

  @Test
  void aHomeWhoseSlotWasLostToAnotherSaysSo() throws IOException {
    int slot = take("one");
    Home other = new Home(directory.resolve("other"));
    Files.writeString(directory.resolve("claims/" + slot), other.id() + " " + other.root() + "\n");
    EsteiraException e = assertThrows(EsteiraException.class, () -> take("one"));
    assertEquals(ErrorCode.CONFLICT, e.code());
  }

  private int take(String name) throws IOException {
    Home home = new Home(directory.resolve(name));
    assertEquals(4, home.id().length());
    try (Ledger ledger = SqliteLedger.open(home.ledger())) {
      return new SlotClaims(directory.resolve("claims"), home, ledger).take();
    }
  }
}
