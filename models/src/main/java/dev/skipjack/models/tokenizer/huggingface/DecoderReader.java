package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.pipeline.TokenText;
import dev.skipjack.models.tokenizer.text.ByteLevelText;
import dev.skipjack.models.tokenizer.text.PieceText;
import dev.skipjack.models.tokenizer.text.WordPieceText;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Reads the {@code decoder} of a {@code tokenizer.json}. */
final class DecoderReader {
  private final TokenizerFile file;
  private final Vocabulary vocabulary;
  private final List<UnaryOperator<String>> steps = new ArrayList<>();
  private String droppedPrefix = "";
  private int droppedCount;
  private boolean fused;

  DecoderReader(TokenizerFile file, Vocabulary vocabulary) {
    this.file = file;
    this.vocabulary = vocabulary;
  }

  TokenText read(JsonNode decoder) {
    switch (decoder.path("type").asString("")) {
      case "ByteLevel" -> {
        return new ByteLevelText(vocabulary);
      }
      case "WordPiece" -> {
        return new WordPieceText(
            vocabulary,
            decoder.path("prefix").asString("##"),
            decoder.path("cleanup").asBoolean(true));
      }
      case "" -> {
        return new PieceText(vocabulary, List.of(), "", "", 0);
      }
      case "Sequence" -> {
        List<JsonNode> decoders = file.stages("decoder", decoder.path("decoders"));
        if (decoders.stream()
            .anyMatch(node -> node.path("type").asString("").equals("ByteLevel"))) {
          return new ByteLevelText(vocabulary);
        }
        decoders.forEach(this::addStep);
      }
      default -> addStep(decoder);
    }
    return new PieceText(vocabulary, steps, "", droppedPrefix, droppedCount);
  }

  private void addStep(JsonNode step) {
    switch (step.path("type").asString("")) {
      case "Replace" -> {
        String from = step.path("pattern").path("String").asString("");
        String to = step.path("content").asString("");
        if (from.isEmpty()) {
          throw file.failure("decoder", step.toString(), "a literal text to replace");
        }
        steps.add(piece -> piece.replace(from, to));
      }
      case "Metaspace" -> {
        String mark = step.path("replacement").asString("\u2581");
        steps.add(piece -> piece.replace(mark, " "));
        boolean prefixed =
            !step.path("prepend_scheme").asString("always").equals("never")
                && step.path("add_prefix_space").asBoolean(true);
        drop(" ", prefixed ? 1 : 0);
      }
      // Byte tokens are known by their kind; text is always one stream.
      case "ByteFallback" -> {}
      case "Fuse" -> fused = true;
      case "Strip" -> {
        if (!fused || step.path("stop").asInt(0) != 0) {
          throw file.failure("decoder", step.toString(), "a Strip of the start after a Fuse");
        }
        drop(step.path("content").asString(" "), step.path("start").asInt(0));
      }
      default -> throw file.unsupported("decoder", step);
    }
  }

  private void drop(String prefix, int count) {
    droppedPrefix = prefix;
    droppedCount = count;
  }
}
