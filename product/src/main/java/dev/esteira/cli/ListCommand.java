package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command that prints rows: as a table for people, or as one JSON array. */
abstract class ListCommand implements Callable<Integer> {
  private final Context context;
  private final List<String> head;
  private final List<String> fields;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  /**
   * @param head the columns' names
   * @param fields for each column, where a row has it, as a JSON pointer
   */
  ListCommand(Context context, List<String> head, List<String> fields) {
    this.context = context;
    this.head = head;
    this.fields = fields;
  }

  /** Asks the house for the rows. */
  abstract JsonNode rows(HouseClient house);

  @Override
  public final Integer call() {
    JsonNode rows = rows(context.house());
    if (json) {
      context.output().json(rows);
    } else {
      context.output().table(head, rows, fields);
    }
    return 0;
  }
}
