package dev.esteira.aws;

import java.util.Map;

/** A service: its model, which says how calls look, and the operations that are supported. */
record Service(Model model, Map<String, Operation> operations) {
  Service {
    operations = Map.copyOf(operations);
    for (String name : operations.keySet()) {
      if (!model.hasOperation(name)) {
        throw new IllegalArgumentException("the model has no operation " + name);
      }
    }
  }
}
