package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services against their models. */
class ServicesTest {
  @TempDir Path directory;

  @Test
  void everyOperationIsInItsModel() {
    try (TestingAws aws = new TestingAws(directory)) {
      aws.api
          .services()
          .forEach((name, service) ->
              service
                  .operations()
                  .keySet()
                  .forEach(operation ->
                      assertTrue(
                          service.model().hasOperation(operation),
                          "the model of " + name + " has no operation " + operation)));
    }
  }
}
