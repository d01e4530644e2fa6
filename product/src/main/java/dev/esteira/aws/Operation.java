package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Carries out a call; the answer is a tree in the model's names, times as ISO 8601 text. */
@FunctionalInterface
interface Operation {
  ObjectNode call(Call call);
}
