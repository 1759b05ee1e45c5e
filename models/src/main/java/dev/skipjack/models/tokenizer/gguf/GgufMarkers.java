package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.models.tokenizer.pipeline.IdSequence;
import dev.skipjack.models.tokenizer.pipeline.Markers;
import dev.skipjack.models.tokenizer.special.EndOfGeneration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Reads which tokens frame a text. */
final class GgufMarkers {
  private static final List<String> END_KEYS =
      List.of(
          "eot_token_id",
          "eom_token_id",
          "fim_pad_token_id",
          "fim_rep_token_id",
          "fim_sep_token_id");

  private GgufMarkers() {}

  /**
   * What is put around a text unless the file says otherwise.
   *
   * @param addBos whether bos goes in front
   * @param addEos whether eos goes behind
   */
  record Defaults(boolean addBos, boolean addEos) {}

  static Markers read(GgufTokenData data, OptionalInt bos, OptionalInt eos, Defaults defaults) {
    Set<Integer> endOfGeneration = EndOfGeneration.find(data.vocabulary());
    for (String key : END_KEYS) {
      data.tokenId(key).ifPresent(endOfGeneration::add);
    }
    eos.ifPresent(endOfGeneration::add);
    return new Markers(
        bos,
        eos,
        endOfGeneration,
        IdSequence.when(data.flag("add_bos_token", defaults.addBos()), bos),
        IdSequence.when(data.flag("add_eos_token", defaults.addEos()), eos));
  }
}
