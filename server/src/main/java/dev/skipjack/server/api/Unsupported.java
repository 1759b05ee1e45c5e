package dev.skipjack.server.api;

import dev.skipjack.server.http.ApiException;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Fields of the OpenAI API that would change the answer and cannot be honoured. Refusing them is
 * kinder than an answer that looks as if they had been.
 */
final class Unsupported {
  private record Rule(String field, Predicate<JsonNode> harmless, String expected) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("n", Unsupported::isOne, "1: one answer per request"),
          new Rule("best_of", Unsupported::isOne, "1: one answer per request"),
          new Rule("logprobs", Unsupported::isOff, "false: probabilities are not reported"),
          new Rule("top_logprobs", Unsupported::isOff, "0: probabilities are not reported"),
          new Rule("echo", Unsupported::isOff, "false: the prompt is not repeated"),
          new Rule("suffix", Unsupported::isEmpty, "none: text is only continued"),
          new Rule("logit_bias", Unsupported::isEmpty, "none: logits are not biased"),
          new Rule("frequency_penalty", Unsupported::isOff, "0; use repeat_penalty"),
          new Rule("presence_penalty", Unsupported::isOff, "0; use repeat_penalty"),
          new Rule("functions", Unsupported::isEmpty, "none; use tools"),
          new Rule(
              "tool_choice",
              node -> isWord(node, "auto") || isWord(node, "none"),
              "\"auto\" or \"none\": calls cannot be forced"),
          new Rule(
              "response_format",
              node -> isWord(node.path("type"), "text"),
              "{\"type\": \"text\"}: the form of answers cannot be forced"));

  private Unsupported() {}

  /**
   * Checks a request.
   *
   * @throws ApiException if it asks for what cannot be honoured
   */
  static void refuse(Fields fields) {
    for (Rule rule : RULES) {
      fields
          .find(rule.field)
          .filter(rule.harmless.negate())
          .ifPresent(
              node -> {
                throw ApiException.invalid(rule.field, Fields.describe(node), rule.expected);
              });
    }
  }

  private static boolean isOne(JsonNode node) {
    return node.isNumber() && node.doubleValue() == 1;
  }

  private static boolean isOff(JsonNode node) {
    return node.isBoolean() ? !node.booleanValue() : node.isNumber() && node.doubleValue() == 0;
  }

  private static boolean isEmpty(JsonNode node) {
    return node.isString() ? node.stringValue().isEmpty() : node.isContainer() && node.isEmpty();
  }

  private static boolean isWord(JsonNode node, String word) {
    return node.isString() && node.stringValue().equals(word);
  }
}
