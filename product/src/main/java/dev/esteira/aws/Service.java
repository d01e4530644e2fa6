package dev.esteira.aws;

import java.util.Map;

/**
 * A service: its model, which says how calls look, and the operations that are supported. A test
 * holds that the model knows each of them.
 */
record Service(Model model, Map<String, Operation> operations) {
  Service {
    operations = Map.copyOf(operations);
  }
}
