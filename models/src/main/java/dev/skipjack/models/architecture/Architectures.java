package dev.skipjack.models.architecture;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;
import java.util.stream.Collectors;

/** The registry of architectures: one line each. */
public final class Architectures {
  private static final List<Architecture> ALL =
      List.of(
          new Apertus(),
          new Arcee(),
          new Bamboo(),
          new BitNet(),
          new Falcon(),
          new Gemma2(),
          new Gemma3(),
          new Granite(),
          new Llama(),
          new MiniCpm(),
          new Mistral3(),
          new Nemotron(),
          new Olmo2(),
          new Phi3(),
          new Plm(),
          new Qwen2(),
          new Qwen3(),
          new SmallThinker(),
          new SmolLm3());

  private Architectures() {}

  /** Describes a model file as it asks to be run. */
  public static DecoderSpec describe(ModelFile file) {
    return describe(file, DescribeOptions.DEFAULTS);
  }

  /**
   * Describes a model file with a user's changes.
   *
   * @throws ModelFormatException if its architecture is unknown or the file does not fit it
   */
  public static DecoderSpec describe(ModelFile file, DescribeOptions options) {
    Checkpoint checkpoint = new Checkpoint(file, options);
    for (Architecture architecture : ALL) {
      if (architecture.name().equals(checkpoint.architecture())) {
        return architecture.describe(checkpoint);
      }
    }
    throw checkpoint.error(
        "key general.architecture",
        checkpoint.architecture(),
        "one of " + ALL.stream().map(Architecture::name).collect(Collectors.joining(", ")));
  }
}
