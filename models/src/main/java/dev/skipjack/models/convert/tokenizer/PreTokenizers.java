package dev.skipjack.models.convert.tokenizer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Names the way a {@code tokenizer.json} cuts text into words, as {@code tokenizer.ggml.pre} does:
 * by the regular expressions it applies one after the other.
 */
final class PreTokenizers {
  private static final String DIGIT = "\\p{N}";

  /** What the byte-level step splits by unless told otherwise. */
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String QWEN_2 = LLAMA_3.replace("\\p{N}{1,3}", DIGIT);

  private static final String QWEN_35 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String TEKKEN =
      "[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "/]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";

  private static final String GPT_4O =
      "[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "/]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";

  private static final List<Convention> ALL =
      List.of(
          new Convention("llama-bpe", true, List.of(LLAMA_3)),
          new Convention("dbrx", false, List.of(LLAMA_3)),
          new Convention("qwen2", false, List.of(QWEN_2)),
          new Convention("qwen35", false, List.of(QWEN_35)),
          new Convention("tekken", true, List.of(TEKKEN)),
          new Convention("gpt-4o", false, List.of(GPT_4O)),
          new Convention("gpt-2", false, List.of(GPT_2)),
          new Convention("starcoder", false, List.of(DIGIT, GPT_2)));

  private PreTokenizers() {}

  /**
   * A name and what readers take it to mean.
   *
   * @param wholeWords whether a word that is a token needs no merges
   * @param expressions each splits the pieces of the one before
   */
  private record Convention(String name, boolean wholeWords, List<String> expressions) {}

  /**
   * The name of the convention that a tokenizer follows.
   *
   * @throws UnconvertibleTokenizerException if it follows none that has a name
   */
  static String name(JsonNode preTokenizer, boolean wholeWords)
      throws UnconvertibleTokenizerException {
    List<String> expressions = new ArrayList<>();
    boolean bytes = false;
    for (JsonNode step : steps(preTokenizer)) {
      String type = JsonFile.text(step.path("type"));
      switch (type) {
        case "Split" -> expressions.add(JsonFile.text(step.path("pattern").path("Regex")));
        case "Digits" ->
            expressions.add(step.path("individual_digits").asBoolean(false) ? DIGIT : DIGIT + "+");
        case "ByteLevel" -> {
          bytes = true;
          if (step.path("use_regex").asBoolean(true)) {
            expressions.add(GPT_2);
          }
        }
        default -> throw new UnconvertibleTokenizerException("it splits text by a " + type);
      }
    }
    if (!bytes) {
      throw new UnconvertibleTokenizerException(
          "its BPE works on characters, which GGUF can express only with a tokenizer.model");
    }
    return ALL.stream()
        .filter(c -> c.wholeWords() == wholeWords && c.expressions().equals(expressions))
        .findFirst()
        .map(Convention::name)
        .orElseThrow(
            () ->
                new UnconvertibleTokenizerException(
                    "GGUF has no name for the way it splits text: "
                        + String.join(" then ", expressions)));
  }

  private static List<JsonNode> steps(JsonNode preTokenizer) {
    if (!JsonFile.text(preTokenizer.path("type")).equals("Sequence")) {
      return preTokenizer.isObject() ? List.of(preTokenizer) : List.of();
    }
    return List.copyOf(preTokenizer.path("pretokenizers").values());
  }
}
