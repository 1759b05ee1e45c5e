package dev.skipjack.models.architecture;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.NormSpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * A model file seen by an {@link Architecture}: metadata keys under the architecture's prefix, and
 * tensors whose shapes are checked when they are bound.
 */
public final class Checkpoint {
  private final ModelFile file;
  private final String architecture;
  private final DescribeOptions options;
  private final int longestDimension;

  Checkpoint(ModelFile file, DescribeOptions options) {
    this.file = file;
    this.architecture = file.metadata().requireString("general.architecture");
    this.options = options;
    this.longestDimension =
        (int)
            file.tensors().values().stream()
                .flatMapToLong(tensor -> Arrays.stream(tensor.shape()))
                .filter(dimension -> dimension <= Integer.MAX_VALUE)
                .max()
                .orElse(0);
  }

  /** Tensors in the file. */
  int tensorCount() {
    return file.tensors().size();
  }

  /** The value of {@code general.architecture}, which also prefixes most keys. */
  public String architecture() {
    return architecture;
  }

  public DescribeOptions options() {
    return options;
  }

  public Metadata metadata() {
    return file.metadata();
  }

  /** A key with the architecture's prefix. */
  public String key(String suffix) {
    return architecture + "." + suffix;
  }

  /** A size or count: an integer of at least 1. */
  public int requireCount(String suffix) {
    return positive(suffix, metadata().requireInteger(key(suffix)));
  }

  /** A size or count that may be absent. */
  public int count(String suffix, int absent) {
    return has(suffix) ? requireCount(suffix) : absent;
  }

  /**
   * A size of vectors: at most the longest dimension of any tensor, so that what is computed from
   * it before shapes are compared cannot exceed the file.
   */
  public int extent(String suffix, int absent) {
    return atMost(suffix, count(suffix, absent), longestDimension, "the longest dimension");
  }

  /** Refuses the value of a key above a limit. */
  int atMost(String suffix, long value, long limit, String what) {
    if (value > limit) {
      throw error("key " + key(suffix), "" + value, "at most %d, %s".formatted(limit, what));
    }
    return (int) value;
  }

  /** The longest dimension of any tensor. */
  int longestDimension() {
    return longestDimension;
  }

  /** A count that is one number for all layers or an array with one per layer. */
  public int layerCount(String suffix, int layer, int absent) {
    if (!(metadata().value(key(suffix)).orElse(null) instanceof long[] perLayer)) {
      return count(suffix, absent);
    }
    checkLayer(key(suffix), layer, perLayer.length);
    return positive(suffix, perLayer[layer]);
  }

  public float number(String suffix, double absent) {
    return (float) metadata().number(key(suffix)).orElse(absent);
  }

  /** A base or factor: a finite number above 0. */
  public float positiveNumber(String suffix, double absent) {
    float value = number(suffix, absent);
    if (!(value > 0) || Float.isInfinite(value)) {
      throw error("key " + key(suffix), "" + value, "a finite number above 0");
    }
    return value;
  }

  /** {@code attention.sliding_window}: positions a query sees, 0 for all. */
  public int window() {
    int window = metadata().integer(key("attention.sliding_window")).orElse(0);
    if (window < 0) {
      throw error("key " + key("attention.sliding_window"), "" + window, "0 or more");
    }
    return window;
  }

  /**
   * Whether a layer uses the sliding window, by {@code attention.sliding_window_pattern}: an array
   * of booleans, or a period whose last layer sees everything.
   */
  public boolean slides(int layer, int period) {
    String key = key("attention.sliding_window_pattern");
    if (metadata().value(key).orElse(null) instanceof boolean[] pattern) {
      return pattern[checkLayer(key, layer, pattern.length)];
    }
    int n = count("attention.sliding_window_pattern", period);
    return layer % n < n - 1;
  }

  /** Whether a layer encodes positions, by {@code skipjack.rope.layers} if present. */
  public boolean rotates(int layer, boolean absent) {
    String key = "skipjack.rope.layers";
    return metadata()
        .bools(key)
        .map(layers -> layers[checkLayer(key, layer, layers.length)])
        .orElse(absent);
  }

  public boolean has(String suffix) {
    return metadata().has(key(suffix));
  }

  /** A tensor of exactly this shape. */
  public Tensor require(String name, long... shape) {
    return optional(name, shape)
        .orElseThrow(() -> error("tensor " + name, "nothing", "shape " + Arrays.toString(shape)));
  }

  /** A tensor that may be absent, but not of another shape. */
  public Optional<Tensor> optional(String name, long... shape) {
    Optional<Tensor> tensor = file.tensor(name);
    if (tensor.isPresent() && !Arrays.equals(tensor.get().shape(), shape)) {
      throw error(
          "tensor " + name,
          "shape " + Arrays.toString(tensor.get().shape()),
          Arrays.toString(shape));
    }
    return tensor;
  }

  /** A tensor {@code [rows x cols]} of any number of rows, but not none. */
  public Optional<Tensor> matrix(String name, int cols) {
    Optional<Tensor> tensor = file.tensor(name);
    if (tensor.isPresent()) {
      long[] shape = tensor.get().shape();
      if (shape.length != 2 || shape[1] != cols || shape[0] < 1 || shape[0] > Integer.MAX_VALUE) {
        throw error(
            "tensor " + name,
            "shape " + Arrays.toString(shape),
            "[rows, %d] with 1 to %d rows".formatted(cols, Integer.MAX_VALUE));
      }
    }
    return tensor;
  }

  /** A tensor of any shape. */
  public Optional<Tensor> find(String name) {
    return file.tensor(name);
  }

  /** {@code name.weight [outputs x inputs]} with its optional bias and scale. */
  public LinearSpec linear(String name, int outputs, int inputs) {
    return linear(name, require(name + ".weight", outputs, inputs));
  }

  /** A weight already bound, with the optional bias and scale that go with {@code name}. */
  public LinearSpec linear(String name, Tensor weight) {
    return new LinearSpec(weight, optional(name + ".bias", weight.rows()), scale(name));
  }

  /** The per-tensor weight multiplier {@code name.scale}, 1 when absent. */
  public float scale(String name) {
    return optional(name + ".scale", 1).map(t -> t.toFloats()[0]).orElse(1f);
  }

  /** {@code name.weight [size]} with its optional bias. */
  public NormSpec norm(NormSpec.Kind kind, String name, int size) {
    return optionalNorm(kind, name, size)
        .orElseThrow(() -> error("tensor " + name + ".weight", "nothing", "shape [" + size + "]"));
  }

  /** As {@link #norm}, or empty when the file has no such weight. */
  public Optional<NormSpec> optionalNorm(NormSpec.Kind kind, String name, int size) {
    String epsilonKey =
        kind == NormSpec.Kind.RMS
            ? "attention.layer_norm_rms_epsilon"
            : "attention.layer_norm_epsilon";
    return optional(name + ".weight", size)
        .map(
            weight ->
                new NormSpec(
                    kind, weight, optional(name + ".bias", size), number(epsilonKey, 1e-5)));
  }

  /** An exception about this file. */
  public ModelFormatException error(String where, String found, String expected) {
    return new ModelFormatException(file.source(), where, found, expected);
  }

  private int checkLayer(String key, int layer, int length) {
    if (layer >= length) {
      throw error("key " + key, length + " values", "one per layer");
    }
    return layer;
  }

  private int positive(String suffix, long value) {
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw error("key " + key(suffix), "" + value, "1 to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }
}
