package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.models.tokenizer.pipeline.IdSequence;
import dev.skipjack.models.tokenizer.pipeline.Markers;
import java.util.OptionalInt;
import java.util.Set;

/** Reads which tokens frame a text. */
final class GgufMarkers {
  private GgufMarkers() {}

  /**
   * @param addBos whether a text starts with bos unless the file says otherwise
   */
  static Markers read(GgufTokenData data, OptionalInt bos, OptionalInt eos, boolean addBos) {
    Set<Integer> endOfGeneration = EndOfGeneration.find(data);
    eos.ifPresent(endOfGeneration::add);
    return new Markers(
        bos,
        eos,
        endOfGeneration,
        IdSequence.when(data.flag("add_bos_token", addBos), bos),
        IdSequence.when(data.flag("add_eos_token", false), eos));
  }
}
