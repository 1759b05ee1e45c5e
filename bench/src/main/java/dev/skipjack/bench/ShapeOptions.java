package dev.skipjack.bench;

import dev.skipjack.bench.synthetic.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The sizes of a model: a preset and what differs from it. */
final class ShapeOptions {
  private static final Map<String, Shape> PRESETS =
      Map.of("tiny", Shape.TINY, "llama-3.2-1b", Shape.LLAMA_3_2_1B, "7b", Shape.LLAMA_2_7B);

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "tiny, llama-3.2-1b or 7b (default: tiny).")
  private String preset = "tiny";

  @Option(names = "--hidden", paramLabel = "N", description = "Width of the residual.")
  private OptionalInt hidden = OptionalInt.empty();

  @Option(names = "--layers", paramLabel = "N", description = "Decoder layers.")
  private OptionalInt layers = OptionalInt.empty();

  @Option(names = "--heads", paramLabel = "N", description = "Query heads.")
  private OptionalInt heads = OptionalInt.empty();

  @Option(names = "--kv-heads", paramLabel = "N", description = "Key and value heads.")
  private OptionalInt kvHeads = OptionalInt.empty();

  @Option(names = "--head-dim", paramLabel = "N", description = "Size of a head.")
  private OptionalInt headDim = OptionalInt.empty();

  @Option(names = "--ffn", paramLabel = "N", description = "Feed-forward neurons per layer.")
  private OptionalInt feedForward = OptionalInt.empty();

  @Option(names = "--vocab", paramLabel = "N", description = "Tokens.")
  private OptionalInt vocabulary = OptionalInt.empty();

  @Option(
      names = "--tied",
      paramLabel = "BOOLEAN",
      description = "Whether the embedding is the output matrix too.")
  private Optional<Boolean> tied = Optional.empty();

  Shape shape() {
    Shape base = PRESETS.get(preset);
    if (base == null) {
      throw new TypeConversionException(
          "--preset: found %s, expected tiny, llama-3.2-1b or 7b".formatted(preset));
    }
    return new Shape(
        hidden.orElse(base.hidden()),
        layers.orElse(base.layers()),
        heads.orElse(base.heads()),
        kvHeads.orElse(base.kvHeads()),
        headDim.orElse(base.headDim()),
        feedForward.orElse(base.feedForward()),
        vocabulary.orElse(base.vocabulary()),
        tied.orElse(base.tied()));
  }
}
