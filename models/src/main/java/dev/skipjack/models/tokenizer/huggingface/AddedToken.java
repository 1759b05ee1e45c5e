package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.special.SpecialToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A token of {@code added_tokens} or {@code added_tokens_decoder}.
 *
 * @param normalized whether it is looked for after normalisation
 * @param special whether it is structure rather than text
 */
record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean stripLeft,
    boolean stripRight,
    boolean normalized,
    boolean special) {

  /** The added tokens of both files; {@code tokenizer.json} comes first. */
  static List<AddedToken> read(TokenizerFile tokenizer, TokenizerFile config) {
    Map<Integer, AddedToken> tokens = new LinkedHashMap<>();
    for (JsonNode node : tokenizer.root().path("added_tokens")) {
      AddedToken token = of(tokenizer, node.path("id").asString(""), node);
      tokens.put(token.id, token);
    }
    for (Map.Entry<String, JsonNode> entry :
        config.root().path("added_tokens_decoder").properties()) {
      AddedToken token = of(config, entry.getKey(), entry.getValue());
      tokens.putIfAbsent(token.id, token);
    }
    return List.copyOf(tokens.values());
  }

  private static AddedToken of(TokenizerFile file, String id, JsonNode node) {
    if (!id.matches("[0-9]{1,9}") || !node.path("content").isString()) {
      throw file.failure("added token " + id, node.toString(), "an id and a content");
    }
    boolean special = node.path("special").asBoolean(false);
    return new AddedToken(
        Integer.parseInt(id),
        node.path("content").stringValue(),
        node.path("single_word").asBoolean(false),
        node.path("lstrip").asBoolean(false),
        node.path("rstrip").asBoolean(false),
        node.path("normalized").asBoolean(!special),
        special);
  }

  /**
   * @param spelling the content, normalised where the token is looked for in normalised text
   */
  SpecialToken toSpecialToken(String spelling) {
    return new SpecialToken(id, spelling, special, stripLeft, stripRight, singleWord);
  }
}
