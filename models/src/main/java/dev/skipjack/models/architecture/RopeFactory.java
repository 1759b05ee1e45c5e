package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.RopeSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns rope metadata into the frequencies of {@link RopeSpec}. Linear scaling divides every
 * frequency; YaRN (Peng et al. 2023, arXiv 2309.00071) blends divided and original ones by
 * wavelength; LongRoPE and Llama 3 scaling come as a factor for each pair.
 */
final class RopeFactory {
  private final Checkpoint checkpoint;
  private final Layout layout;
  private final int dimensions;
  private final float base;

  RopeFactory(Checkpoint checkpoint, Layout ofArchitecture, int keyLength) {
    this.checkpoint = checkpoint;
    this.layout = layout(checkpoint, ofArchitecture);
    this.dimensions = checkpoint.count("rope.dimension_count", keyLength);
    this.base = checkpoint.positiveNumber("rope.freq_base", 10000);
    if (dimensions % 2 != 0 || dimensions > keyLength) {
      throw checkpoint.error(
          "key " + checkpoint.key("rope.dimension_count"),
          "" + dimensions,
          "an even number of at most " + keyLength + " (the key length)");
    }
  }

  /** The rotation of an ordinary layer, with the file's base and scaling. */
  RopeSpec standard() {
    String type =
        checkpoint.metadata().string(checkpoint.key("rope.scaling.type")).orElse("linear");
    return switch (type) {
      case "none" -> unscaled(base);
      case "linear" -> rope(base, 1 / factor(), magnitude());
      case "longrope" -> rope(base, 1 / factor(), magnitude());
      case "yarn" -> yarn(magnitude());
      default ->
          throw checkpoint.error(
              "key " + checkpoint.key("rope.scaling.type"), type, "none, linear, yarn or longrope");
    };
  }

  /** A rotation without scaling, for layers with a base of their own. */
  RopeSpec unscaled(float ownBase) {
    return rope(ownBase, 1, 1);
  }

  /** Rotary elements of a head. */
  int dimensions() {
    return dimensions;
  }

  float base() {
    return base;
  }

  /** Whether the file asks for YaRN. */
  boolean isYarn() {
    return checkpoint
        .metadata()
        .string(checkpoint.key("rope.scaling.type"))
        .filter("yarn"::equals)
        .isPresent();
  }

  /** The factor by which the context was stretched; 1 when it was not. */
  float factor() {
    float factor =
        checkpoint.number("rope.scaling.factor", checkpoint.number("rope.scale_linear", 1));
    return factor == 0 ? 1 : factor;
  }

  /** Positions before the context was stretched. */
  int originalContext() {
    return checkpoint.count(
        "rope.scaling.original_context_length", checkpoint.requireCount("context_length"));
  }

  /** YaRN with the magnitude {@code attentionFactor (1 + 0.1 ln factor)}. */
  RopeSpec yarn(float attentionFactor) {
    float extrapolation = checkpoint.number("rope.scaling.yarn_ext_factor", 1);
    double low = Math.floor(correction(checkpoint.number("rope.scaling.yarn_beta_fast", 32)));
    double high = Math.ceil(correction(checkpoint.number("rope.scaling.yarn_beta_slow", 1)));
    low = Math.max(0, low);
    high = Math.min(dimensions - 1, high);
    float[] factors = pairFactors();
    float[] frequencies = new float[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double original = frequency(base, i) / factors[i];
      double divided = original / factor();
      double ramp = (i - low) / Math.max(0.001, high - low);
      double mix = (1 - Math.clamp(ramp, 0, 1)) * extrapolation;
      frequencies[i] = (float) (divided * (1 - mix) + original * mix);
    }
    double stretch = extrapolation == 0 ? 1 : 1 + 0.1 * Math.log(factor());
    return new RopeSpec(layout, dimensions, frequencies, (float) (attentionFactor * stretch));
  }

  private RopeSpec rope(float ownBase, float scale, float magnitude) {
    float[] factors = pairFactors();
    float[] frequencies = new float[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) (frequency(ownBase, i) * scale / factors[i]);
    }
    return new RopeSpec(layout, dimensions, frequencies, magnitude);
  }

  private double frequency(float ownBase, int pair) {
    return Math.pow(ownBase, -2.0 * pair / dimensions);
  }

  /** The pair index at which a full context makes {@code rotations} turns. */
  private double correction(float rotations) {
    return dimensions
        * Math.log(originalContext() / (rotations * 2 * Math.PI))
        / (2 * Math.log(base));
  }

  private float magnitude() {
    return checkpoint.number("rope.scaling.attn_factor", 1);
  }

  private float[] pairFactors() {
    int context = checkpoint.options().contextLength();
    boolean isLong =
        (context == 0 ? checkpoint.requireCount("context_length") : context) > originalContext();
    Optional<Tensor> factors =
        checkpoint
            .optional("rope_freqs.weight", dimensions / 2)
            .or(
                () ->
                    checkpoint.optional(
                        isLong ? "rope_factors_long.weight" : "rope_factors_short.weight",
                        dimensions / 2));
    if (factors.isPresent()) {
      return factors.get().toFloats();
    }
    float[] ones = new float[dimensions / 2];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Layout layout(Checkpoint checkpoint, Layout ofArchitecture) {
    String key = "skipjack.rope.layout";
    return switch (checkpoint.metadata().string(key).orElse("")) {
      case "" -> ofArchitecture;
      case "norm" -> Layout.NORM;
      case "neox" -> Layout.NEOX;
      case String other -> throw checkpoint.error("key " + key, other, "norm or neox");
    };
  }
}
