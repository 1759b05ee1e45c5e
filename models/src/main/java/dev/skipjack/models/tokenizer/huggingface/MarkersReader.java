package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.pipeline.IdSequence;
import dev.skipjack.models.tokenizer.pipeline.Markers;
import dev.skipjack.models.tokenizer.special.EndOfGeneration;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads which tokens frame a text from the files of a directory. */
final class MarkersReader {
  private final TokenizerFile tokenizer;
  private final TokenizerFile config;
  private final TokenizerFile specials;
  private final Vocabulary vocabulary;
  private final List<Integer> prefix = new ArrayList<>();
  private final List<Integer> suffix = new ArrayList<>();
  private boolean framed;

  MarkersReader(
      TokenizerFile tokenizer, TokenizerFile config, Path directory, Vocabulary vocabulary) {
    this.tokenizer = tokenizer;
    this.config = config;
    this.specials = TokenizerFile.read(directory.resolve("special_tokens_map.json"));
    this.vocabulary = vocabulary;
  }

  Markers read(Path directory) {
    OptionalInt bos = named("bos_token");
    OptionalInt eos = named("eos_token");
    readPostProcessor(tokenizer.root().path("post_processor"));
    IdSequence before = new IdSequence(prefix);
    IdSequence after = new IdSequence(suffix);
    if (!framed || rebuildsFrame()) {
      before = flagged("add_bos_token", bos, before);
      after = flagged("add_eos_token", eos, after);
    }
    return new Markers(bos, eos, endOfGeneration(directory, eos), before, after);
  }

  private OptionalInt named(String role) {
    return TokenizerFile.token(config.root(), role)
        .or(() -> TokenizerFile.token(specials.root(), role))
        .map(vocabulary::id)
        .orElseGet(OptionalInt::empty);
  }

  /** These tokenizer classes frame texts by their flags, whatever {@code tokenizer.json} says. */
  private boolean rebuildsFrame() {
    return TokenizerFile.text(config.root(), "tokenizer_class")
        .filter(name -> name.matches("(Code)?(Llama|Gemma)Tokenizer(Fast)?"))
        .isPresent();
  }

  private IdSequence flagged(String flag, OptionalInt token, IdSequence otherwise) {
    JsonNode value = config.root().path(flag);
    return value.isBoolean() ? IdSequence.when(value.booleanValue(), token) : otherwise;
  }

  private void readPostProcessor(JsonNode node) {
    switch (node.path("type").asString("")) {
      case "", "ByteLevel" -> {}
      case "Sequence" -> node.path("processors").forEach(this::readPostProcessor);
      case "TemplateProcessing" -> readTemplate(node);
      case "BertProcessing", "RobertaProcessing" -> {
        framed = true;
        prefix.add(require(node.path("cls").path(0).asString("")));
        suffix.add(require(node.path("sep").path(0).asString("")));
      }
      default -> throw tokenizer.unsupported("post_processor", node);
    }
  }

  private void readTemplate(JsonNode node) {
    framed = true;
    List<Integer> side = prefix;
    for (JsonNode item : node.path("single")) {
      if (item.has("Sequence")) {
        side = suffix;
        continue;
      }
      String name = item.path("SpecialToken").path("id").asString("");
      JsonNode ids = node.path("special_tokens").path(name).path("ids");
      if (ids.isEmpty()) {
        side.add(require(name));
      }
      for (JsonNode id : ids) {
        side.add(requireId(name, id));
      }
    }
  }

  private int requireId(String name, JsonNode id) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary.size()) {
      throw tokenizer.failure(
          "post_processor token \"" + name + "\"",
          id.toString(),
          "a token id below " + vocabulary.size());
    }
    return id.intValue();
  }

  private int require(String token) {
    return vocabulary
        .id(token)
        .orElseThrow(
            () -> tokenizer.failure("post_processor", "\"" + token + "\"", "a known token"));
  }

  private Set<Integer> endOfGeneration(Path directory, OptionalInt eos) {
    Set<Integer> ids = new HashSet<>();
    for (int id : EndOfGeneration.find(vocabulary)) {
      if (vocabulary.kind(id) == TokenKind.CONTROL) {
        ids.add(id);
      }
    }
    eos.ifPresent(ids::add);
    for (String name : List.of("generation_config.json", "config.json")) {
      JsonNode ends = TokenizerFile.read(directory.resolve(name)).root().path("eos_token_id");
      for (JsonNode id : ends.isArray() ? ends.values() : List.of(ends)) {
        if (id.isInt() && id.intValue() >= 0 && id.intValue() < vocabulary.size()) {
          ids.add(id.intValue());
        }
      }
    }
    return ids;
  }
}
