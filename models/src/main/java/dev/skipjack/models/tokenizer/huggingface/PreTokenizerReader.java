package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import dev.skipjack.models.tokenizer.scan.Cutter;
import dev.skipjack.models.tokenizer.scan.Metaspace;
import dev.skipjack.models.tokenizer.scan.Metaspace.Prefix;
import dev.skipjack.models.tokenizer.scan.Split;
import dev.skipjack.models.tokenizer.scan.Split.Behavior;
import dev.skipjack.models.tokenizer.scan.WordPattern;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** Reads the {@code pre_tokenizer} of a {@code tokenizer.json}. */
record PreTokenizerReader(TokenizerFile file) {
  PreTokenizer read(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return PreTokenizer.NONE;
    }
    return switch (node.path("type").asString("")) {
      case "Sequence" -> sequence(node.path("pretokenizers"));
      case "ByteLevel" -> byteLevel(node);
      case "Split" -> split(node);
      case "Metaspace" -> metaspace(node);
      case "Whitespace" -> new Split(WordPattern.WORDS.cutter().inverted(), Behavior.REMOVED);
      case "WhitespaceSplit" -> new Split(WordPattern.SPACE.cutter(), Behavior.REMOVED);
      case "BertPreTokenizer" ->
          new Split(WordPattern.SPACE.cutter(), Behavior.REMOVED)
              .then(Split.isolated(WordPattern.SIGN.cutter()));
      case "Punctuation" ->
          new Split(
              WordPattern.SIGN.cutter(), behavior(node.path("behavior").asString("Isolated")));
      case "Digits" ->
          Split.isolated(
              (node.path("individual_digits").asBoolean(false)
                      ? WordPattern.DIGIT
                      : WordPattern.ALL_DIGITS)
                  .cutter());
      default -> throw file.unsupported("pre_tokenizer", node);
    };
  }

  private PreTokenizer sequence(JsonNode nodes) {
    PreTokenizer all = PreTokenizer.NONE;
    for (JsonNode node : file.stages("pre_tokenizer", nodes)) {
      all = all == PreTokenizer.NONE ? read(node) : all.then(read(node));
    }
    return all;
  }

  /** The mapping of bytes to letters is the model's business. */
  private static PreTokenizer byteLevel(JsonNode node) {
    PreTokenizer words =
        node.path("use_regex").asBoolean(true)
            ? Split.isolated(WordPattern.GPT2.cutter())
            : PreTokenizer.NONE;
    if (!node.path("add_prefix_space").asBoolean(true)) {
      return words;
    }
    return (text, start, pieces) ->
        words.split(text.startsWith(" ") ? text : " " + text, start, pieces);
  }

  private PreTokenizer split(JsonNode node) {
    Cutter cutter = new PatternReader(file).read(node.path("pattern"));
    return new Split(
        node.path("invert").asBoolean(false) ? cutter.inverted() : cutter,
        behavior(node.path("behavior").asString("")));
  }

  private Behavior behavior(String name) {
    String plain = name.replace("_", "");
    return Arrays.stream(Behavior.values())
        .filter(behavior -> behavior.name().replace("_", "").equalsIgnoreCase(plain))
        .findFirst()
        .orElseThrow(
            () -> file.failure("behavior", "\"" + name + "\"", Arrays.toString(Behavior.values())));
  }

  private static PreTokenizer metaspace(JsonNode node) {
    Prefix prefix =
        switch (node.path("prepend_scheme").asString("always")) {
          case "never" -> Prefix.NEVER;
          case "first" -> Prefix.FIRST;
          default -> node.path("add_prefix_space").asBoolean(true) ? Prefix.ALWAYS : Prefix.NEVER;
        };
    return new Metaspace(
        node.path("replacement").asString("\u2581"), prefix, node.path("split").asBoolean(true));
  }
}
