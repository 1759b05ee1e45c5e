package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The {@code tokenizer.ggml.*} keys of a model file: pieces, kinds and special ids. Immutable. */
final class Vocabulary {
  /** What a token is, by its number in the file. */
  enum Kind {
    UNDEFINED,
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  private static final String PREFIX = "tokenizer.ggml.";

  /** Spellings that end a turn or a text, whatever the file says. */
  private static final Set<String> ENDINGS =
      Set.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "<｜end▁of▁sentence｜>",
          "<end_of_utterance>",
          "<|eom_id|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "</s>",
          "[EOS]",
          "<eos>",
          "<turn|>",
          "<|tool_response>");

  private final Metadata metadata;
  private final List<String> pieces;
  private final Kind[] kinds;
  private final Map<String, Integer> ids;
  private final Set<Integer> endings;

  Vocabulary(Metadata metadata) {
    this.metadata = metadata;
    this.pieces =
        metadata
            .strings(PREFIX + "tokens")
            .orElseThrow(() -> new ModelFormatException("the file has no " + PREFIX + "tokens"));
    this.kinds = kinds();
    this.ids = HashMap.newHashMap(pieces.size());
    for (int id = pieces.size() - 1; id >= 0; id--) {
      ids.put(pieces.get(id), id);
    }
    this.endings = endings();
  }

  int size() {
    return pieces.size();
  }

  String piece(int id) {
    return pieces.get(id);
  }

  Kind kind(int id) {
    return kinds[id];
  }

  OptionalInt id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean endsGeneration(int id) {
    return endings.contains(id);
  }

  boolean flag(String name, boolean absent) {
    return metadata.bool(PREFIX + name).orElse(absent);
  }

  /** A special id by its key, for example {@code bos}; -1 for none. */
  int special(String name, int absent) {
    String key = PREFIX + name + "_token_id";
    long id = metadata.number(key).isPresent() ? (long) metadata.requireNumber(key) : absent;
    // Files spell "none" as -1 in 32 or 64 bits.
    if (id == -1 || id == 0xffffffffL) {
      return -1;
    }
    if (id < 0 || id >= pieces.size()) {
      throw new ModelFormatException(
          "key %s: found %d, expected an id below %d".formatted(key, id, pieces.size()));
    }
    return (int) id;
  }

  /** The merge scores {@code [size]}. */
  float[] scores() {
    double[] stored =
        metadata
            .numbers(PREFIX + "scores")
            .orElseThrow(() -> new ModelFormatException("the file has no " + PREFIX + "scores"));
    requireLength("scores", stored.length);
    float[] scores = new float[stored.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) stored[i];
    }
    return scores;
  }

  private Kind[] kinds() {
    Kind[] result = new Kind[pieces.size()];
    Arrays.fill(result, Kind.NORMAL);
    metadata
        .integers(PREFIX + "token_type")
        .ifPresent(
            types -> {
              requireLength("token_type", types.length);
              for (int id = 0; id < types.length; id++) {
                if (types[id] < 0 || types[id] >= Kind.values().length) {
                  throw new ModelFormatException(
                      "key %stoken_type[%d]: found %d, expected 0 to 6"
                          .formatted(PREFIX, id, types[id]));
                }
                result[id] = Kind.values()[(int) types[id]];
              }
            });
    return result;
  }

  private Set<Integer> endings() {
    Set<Integer> result = new HashSet<>();
    for (String name : List.of("eos", "eot", "eom", "fim_pad", "fim_rep", "fim_sep")) {
      int id = special(name, name.equals("eos") && pieces.size() > 2 ? 2 : -1);
      if (id >= 0) {
        result.add(id);
      }
    }
    for (String ending : ENDINGS) {
      id(ending).ifPresent(result::add);
    }
    return Set.copyOf(result);
  }

  private void requireLength(String name, int length) {
    if (length != pieces.size()) {
      throw new ModelFormatException(
          "key %s%s: found %d values, expected one for each of %d tokens"
              .formatted(PREFIX, name, length, pieces.size()));
    }
  }
}
