package dev.skipjack.models.architecture;

/** What the Gemma generations share. */
final class Gemma {
  private Gemma() {}

  /**
   * The factor on {@code q . k}: by the key length, but for the 27B models, known by their layer
   * count, by hidden size over heads.
   */
  static float attentionScale(Checkpoint checkpoint, DecoderBinder decoder, int layersOf27B) {
    int length =
        decoder.layerCount == layersOf27B
            ? decoder.hiddenSize / decoder.headCount
            : decoder.keyLength;
    return checkpoint.number("attention.scale", 1 / Math.sqrt(length));
  }
}
