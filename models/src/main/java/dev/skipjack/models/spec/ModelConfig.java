package dev.skipjack.models.spec;

/**
 * The sizes people ask about. Layers may differ in detail; {@link DecoderSpec} has the truth.
 *
 * @param architecture the name in the file, for example {@code llama}
 * @param name the model's own name, or the empty string
 * @param contextLength positions the model was trained for
 * @param feedForwardLength neurons per layer; the largest where layers differ, per expert in a
 *     mixture
 */
public record ModelConfig(
    String architecture,
    String name,
    int vocabularySize,
    int contextLength,
    int hiddenSize,
    int layerCount,
    int headCount,
    int kvHeadCount,
    int headDim,
    int feedForwardLength) {
  /**
   * No session holds more positions, whatever a file or a user says: its tables must fit memory.
   */
  public static final int LONGEST_CONTEXT = 1 << 27;
}
