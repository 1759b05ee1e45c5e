package dev.skipjack.bench.synthetic;

import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A SentencePiece vocabulary that any runtime accepts: the three specials, all bytes, and made-up
 * words of syllables.
 */
final class SyntheticVocabulary {
  private static final int SPECIALS = 3;
  private static final int BYTES = 256;

  /** The first word; specials and bytes come before it. */
  static final int FIRST_WORD = SPECIALS + BYTES;

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int BYTE = 6;
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxyz";
  private static final String VOWELS = "aeiou";

  private SyntheticVocabulary() {}

  /** The {@code tokenizer.ggml.*} keys for {@code size} tokens. */
  static Map<String, GgufValue> keys(int size) {
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put("tokenizer.ggml.model", GgufValue.string("llama"));
    keys.put("tokenizer.ggml.pre", GgufValue.string("default"));
    String[] pieces =
        IntStream.range(0, size).mapToObj(SyntheticVocabulary::piece).toArray(String[]::new);
    keys.put("tokenizer.ggml.tokens", GgufValue.strings(pieces));
    double[] scores = IntStream.range(0, size).mapToDouble(SyntheticVocabulary::score).toArray();
    keys.put("tokenizer.ggml.scores", GgufValue.numbers(GgufType.F32, scores));
    long[] types = IntStream.range(0, size).mapToLong(SyntheticVocabulary::type).toArray();
    keys.put("tokenizer.ggml.token_type", GgufValue.integers(GgufType.I32, types));
    keys.put("tokenizer.ggml.unknown_token_id", GgufValue.u32(0));
    keys.put("tokenizer.ggml.bos_token_id", GgufValue.u32(1));
    keys.put("tokenizer.ggml.eos_token_id", GgufValue.u32(2));
    keys.put("tokenizer.ggml.add_bos_token", GgufValue.bool(true));
    keys.put("tokenizer.ggml.add_eos_token", GgufValue.bool(false));
    return keys;
  }

  private static String piece(int id) {
    return switch (id) {
      case 0 -> "<unk>";
      case 1 -> "<s>";
      case 2 -> "</s>";
      default -> id < FIRST_WORD ? "<0x%02X>".formatted(id - SPECIALS) : word(id - FIRST_WORD);
    };
  }

  /** Earlier words merge first, as in a trained vocabulary. */
  private static double score(int id) {
    return id < FIRST_WORD ? 0 : FIRST_WORD - id;
  }

  private static int type(int id) {
    if (id == 0) {
      return UNKNOWN;
    }
    return id < SPECIALS ? CONTROL : id < FIRST_WORD ? BYTE : NORMAL;
  }

  /** A different word for every index: its digits in the base of all syllables. */
  private static String word(int index) {
    int syllables = CONSONANTS.length() * VOWELS.length();
    StringBuilder word = new StringBuilder("\u2581");
    for (int rest = index; rest >= 0; rest = rest / syllables - 1) {
      int syllable = rest % syllables;
      word.append(CONSONANTS.charAt(syllable / VOWELS.length()));
      word.append(VOWELS.charAt(syllable % VOWELS.length()));
    }
    return word.toString();
  }
}
