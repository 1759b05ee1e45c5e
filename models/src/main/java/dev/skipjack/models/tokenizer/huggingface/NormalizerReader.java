package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.normalize.BertNormalizer;
import dev.skipjack.models.tokenizer.normalize.CharsMap;
import dev.skipjack.models.tokenizer.normalize.Normalizers;
import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import java.text.Normalizer.Form;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Reads the {@code normalizer} of a {@code tokenizer.json}. */
record NormalizerReader(TokenizerFile file) {
  Normalizer read(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Normalizer.NONE;
    }
    return switch (node.path("type").asString("")) {
      case "Sequence" -> sequence(node.path("normalizers"));
      case "NFC" -> Normalizers.form(Form.NFC);
      case "NFD" -> Normalizers.form(Form.NFD);
      case "NFKC" -> Normalizers.form(Form.NFKC);
      case "NFKD" -> Normalizers.form(Form.NFKD);
      case "Lowercase" -> Normalizers::lowercase;
      case "StripAccents" -> Normalizers::stripAccents;
      case "Strip" ->
          Normalizers.strip(
              node.path("strip_left").asBoolean(true), node.path("strip_right").asBoolean(true));
      case "Prepend" -> prepend(node.path("prepend").asString(""));
      case "Replace" -> replace(node);
      case "Nmt" -> Normalizers::nmt;
      // The mapping of bytes to letters is the model's business.
      case "ByteLevel" -> Normalizer.NONE;
      case "BertNormalizer" -> bert(node);
      case "Precompiled" -> precompiled(node);
      default -> throw file.unsupported("normalizer", node);
    };
  }

  private Normalizer sequence(JsonNode nodes) {
    Normalizer all = Normalizer.NONE;
    for (JsonNode node : file.stages("normalizer", nodes)) {
      Normalizer before = all;
      Normalizer next = read(node);
      all = text -> next.normalize(before.normalize(text));
    }
    return all;
  }

  private static Normalizer prepend(String prefix) {
    return text -> text.isEmpty() ? text : prefix + text;
  }

  private Normalizer replace(JsonNode node) {
    String content = node.path("content").asString("");
    JsonNode pattern = node.path("pattern");
    if (pattern.path("String").isString()) {
      String literal = pattern.path("String").stringValue();
      return text -> text.replace(literal, content);
    }
    PatternReader patterns = new PatternReader(file);
    return Normalizers.replace(patterns.read(pattern), content);
  }

  private static Normalizer bert(JsonNode node) {
    boolean lowercase = node.path("lowercase").asBoolean(true);
    return new BertNormalizer(
        node.path("clean_text").asBoolean(true),
        node.path("handle_chinese_chars").asBoolean(true),
        node.path("strip_accents").asBoolean(lowercase),
        lowercase);
  }

  private Normalizer precompiled(JsonNode node) {
    try {
      return CharsMap.parse(
          Base64.getDecoder().decode(node.path("precompiled_charsmap").asString("")));
    } catch (IllegalArgumentException e) {
      throw file.failure("normalizer.precompiled_charsmap", e.getMessage(), "a character map");
    }
  }
}
