package dev.skipjack.models.tokenizer.gguf;

import static dev.skipjack.models.tokenizer.scan.WordPattern.AFMOE_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.AFMOE_SCRIPTS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.ALL_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.BAILING;
import static dev.skipjack.models.tokenizer.scan.WordPattern.BLOOM;
import static dev.skipjack.models.tokenizer.scan.WordPattern.CHAMELEON_SPACE;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DEEPSEEK_CODER_EAST_ASIAN;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DEEPSEEK_LLM_LETTERS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DEEPSEEK_LLM_SIGNS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DEEPSEEK_V3_EAST_ASIAN;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DEEPSEEK_V3_WORDS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DEFAULT_SIGNS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.DIGIT;
import static dev.skipjack.models.tokenizer.scan.WordPattern.EXAONE_MOE;
import static dev.skipjack.models.tokenizer.scan.WordPattern.FALCON_SIGNS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.GPT2;
import static dev.skipjack.models.tokenizer.scan.WordPattern.GPT4O;
import static dev.skipjack.models.tokenizer.scan.WordPattern.IMAGE_TOKEN;
import static dev.skipjack.models.tokenizer.scan.WordPattern.JAIS2;
import static dev.skipjack.models.tokenizer.scan.WordPattern.KIMI_K2;
import static dev.skipjack.models.tokenizer.scan.WordPattern.LETTERS_AND_ALL_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.LINES;
import static dev.skipjack.models.tokenizer.scan.WordPattern.LINE_END;
import static dev.skipjack.models.tokenizer.scan.WordPattern.LLAMA3;
import static dev.skipjack.models.tokenizer.scan.WordPattern.QWEN2;
import static dev.skipjack.models.tokenizer.scan.WordPattern.QWEN35;
import static dev.skipjack.models.tokenizer.scan.WordPattern.SEED_CODER;
import static dev.skipjack.models.tokenizer.scan.WordPattern.SENTINEL;
import static dev.skipjack.models.tokenizer.scan.WordPattern.SIGN;
import static dev.skipjack.models.tokenizer.scan.WordPattern.SPACED_LETTERS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.SPACED_PUNCTUATION;
import static dev.skipjack.models.tokenizer.scan.WordPattern.SUPERBPE_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.TEKKEN;
import static dev.skipjack.models.tokenizer.scan.WordPattern.THREE_ASCII_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.THREE_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.TINY_AYA_DIGITS;
import static dev.skipjack.models.tokenizer.scan.WordPattern.TRAILING_SPACE;
import static dev.skipjack.models.tokenizer.scan.WordPattern.UNCONTRACTED;
import static dev.skipjack.models.tokenizer.scan.WordPattern.YOUTU;
import static dev.skipjack.models.tokenizer.scan.WordPattern.YOUTU_SCRIPTS;

import dev.skipjack.models.tokenizer.normalize.Normalizers;
import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.pipeline.PreTokenizer;
import dev.skipjack.models.tokenizer.scan.Split;
import dev.skipjack.models.tokenizer.scan.WordPattern;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a value of {@code tokenizer.ggml.pre} stands for.
 *
 * @param names the values, separated by blanks
 * @param composed whether text is brought to Unicode normal form C first, as in training; files do
 *     not say so
 * @param ignoreMerges whether a word that is a token stays whole
 * @param addBos whether a text starts with bos unless the file says otherwise
 * @param patterns how a text is cut, each applied to the pieces of the one before
 */
record BytePairFlavor(
    String names,
    boolean composed,
    boolean ignoreMerges,
    boolean addBos,
    List<WordPattern> patterns) {
  /** The value that stands for "not known when the file was written". */
  static final String DEFAULT = "default";

  private static final List<BytePairFlavor> ALL =
      List.of(
          plain(DEFAULT, DEFAULT_SIGNS, GPT2, ALL_DIGITS, THREE_ASCII_DIGITS),
          whole(
              "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
              LLAMA3),
          plain("dbrx smaug-bpe glm4 chatglm-bpe", LLAMA3),
          composed("qwen2", QWEN2),
          plain("deepseek-r1-qwen megrez kormo hunyuan stablelm2 solar-open grok-2 f2llmv2", QWEN2),
          composed("qwen35", QWEN35),
          plain(
              "gpt-2 phi-2 mpt olmo jais trillion exaone4 gigachat modern-bert granite-docling"
                  + " roberta-bpe jina-v1-en jina-es jina-de jina-v2-es jina-v2-de jina-v2-code"
                  + " a.x-4.0 mellum",
              GPT2),
          plain(
              "starcoder refact command-r smollm codeshell exaone minerva-7b mellum2", DIGIT, GPT2),
          plain("falcon", FALCON_SIGNS, GPT2, THREE_ASCII_DIGITS),
          plain(
              "deepseek-coder",
              LINE_END,
              SPACED_LETTERS,
              SPACED_PUNCTUATION,
              DEEPSEEK_CODER_EAST_ASIAN,
              DIGIT),
          plain(
              "deepseek-llm",
              LINE_END,
              DEEPSEEK_LLM_LETTERS,
              DEEPSEEK_LLM_SIGNS,
              TRAILING_SPACE,
              DEEPSEEK_CODER_EAST_ASIAN,
              ALL_DIGITS),
          plain(
              "deepseek-v3 hunyuan-dense joyai-llm hy_v4",
              THREE_DIGITS,
              DEEPSEEK_V3_EAST_ASIAN,
              DEEPSEEK_V3_WORDS),
          plain("afmoe", AFMOE_DIGITS, AFMOE_SCRIPTS, DEEPSEEK_V3_WORDS),
          whole("tekken", TEKKEN),
          plain("gpt-4o llama4 kanana2 minimax-m2 talkie", GPT4O),
          plain("tiny_aya cohere2moe", TINY_AYA_DIGITS, GPT4O),
          plain("kimi-k2", KIMI_K2),
          plain("youtu", YOUTU_SCRIPTS, YOUTU).ignoringMerges(),
          plain("minicpm5", THREE_DIGITS, LETTERS_AND_ALL_DIGITS).ignoringMerges(),
          plain("poro-chat bloom gpt3-finnish", BLOOM),
          plain("viking", BLOOM, DIGIT),
          plain("superbpe", ALL_DIGITS, SUPERBPE_DIGITS),
          plain("bailingmoe bailingmoe2 llada-moe", BAILING),
          plain("seed-coder", SEED_CODER),
          plain("exaone-moe", EXAONE_MOE),
          plain("jais-2", JAIS2),
          plain("laguna", LINES, QWEN2),
          plain("ufakzeka", UNCONTRACTED),
          plain("chameleon", SENTINEL, IMAGE_TOKEN, CHAMELEON_SPACE, DIGIT, SIGN, GPT2).addingBos(),
          plain("gemma4", LINES));

  /** The flavor of a name. */
  static Optional<BytePairFlavor> named(String name) {
    return ALL.stream()
        .filter(flavor -> List.of(flavor.names.split(" ")).contains(name))
        .findFirst();
  }

  /** All names, for a message. */
  static String allNames() {
    return ALL.stream()
        .flatMap(flavor -> List.of(flavor.names.split(" ")).stream())
        .collect(
            Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), Object::toString));
  }

  Normalizer normalizer() {
    return composed ? Normalizers.form(Form.NFC) : Normalizer.NONE;
  }

  PreTokenizer preTokenizer() {
    return patterns.stream()
        .<PreTokenizer>map(pattern -> Split.isolated(pattern.cutter()))
        .reduce(PreTokenizer::then)
        .orElse(PreTokenizer.NONE);
  }

  private static BytePairFlavor plain(String names, WordPattern... patterns) {
    return new BytePairFlavor(names, false, false, false, List.of(patterns));
  }

  private static BytePairFlavor composed(String names, WordPattern... patterns) {
    return new BytePairFlavor(names, true, false, false, List.of(patterns));
  }

  /** As Llama 3: words that are tokens stay whole, and a text starts with bos. */
  private static BytePairFlavor whole(String names, WordPattern... patterns) {
    return plain(names, patterns).ignoringMerges().addingBos();
  }

  private BytePairFlavor ignoringMerges() {
    return new BytePairFlavor(names, composed, true, addBos, patterns);
  }

  private BytePairFlavor addingBos() {
    return new BytePairFlavor(names, composed, ignoreMerges, true, patterns);
  }
}
