package dev.skipjack.inference;

import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.ModelConfig;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How a model is loaded.
 *
 * @param threads workers; 0 takes what the machine offers
 * @param contextLength positions a session holds; 0 takes the model's own
 * @param activation replaces the feed-forward activation the file names or implies
 * @param cacheType how sessions store keys and values
 * @param sparsity which neurons of the feed-forward networks are computed
 * @param denseAbove the density, 0 to 1, above which a layer of a neuron-sparse mode is computed
 *     densely; empty to measure it, or to estimate it for a model of less than 64 MiB
 * @param downType how block-quantised down projections are copied neuron by neuron: F32, F16 or
 *     Q8_0; empty to choose by their size
 * @param repack whether weights are copied into a faster layout
 * @param device what computes layers besides the processor
 */
public record LoadOptions(
    int threads,
    int contextLength,
    Optional<ActivationSpec> activation,
    CacheType cacheType,
    SparsityMode sparsity,
    OptionalDouble denseAbove,
    Optional<TensorType> downType,
    Repack repack,
    Optional<DeviceOptions> device) {
  public static final LoadOptions DEFAULTS =
      new LoadOptions(
          0,
          0,
          Optional.empty(),
          CacheType.AUTO,
          SparsityMode.AUTO,
          OptionalDouble.empty(),
          Optional.empty(),
          Repack.AUTO,
          Optional.empty());

  private static final Set<TensorType> DOWN_TYPES =
      Set.of(TensorType.F32, TensorType.F16, TensorType.Q8_0);

  public LoadOptions {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads: found %d, expected 0 or more".formatted(threads));
    }
    if (contextLength < 0 || contextLength > ModelConfig.LONGEST_CONTEXT) {
      throw new IllegalArgumentException(
          "context length: found %d, expected 0 to %d"
              .formatted(contextLength, ModelConfig.LONGEST_CONTEXT));
    }
    if (denseAbove.isPresent()
        && !(denseAbove.getAsDouble() >= 0 && denseAbove.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          "dense above: found %s, expected 0 to 1".formatted(denseAbove.getAsDouble()));
    }
    if (downType.isPresent() && !DOWN_TYPES.contains(downType.get())) {
      throw new IllegalArgumentException(
          "type of copied down projections: found %s, expected F32, F16 or Q8_0"
              .formatted(downType.get()));
    }
  }

  public LoadOptions withThreads(int count) {
    return new LoadOptions(
        count,
        contextLength,
        activation,
        cacheType,
        sparsity,
        denseAbove,
        downType,
        repack,
        device);
  }

  public LoadOptions withContextLength(int positions) {
    return new LoadOptions(
        threads, positions, activation, cacheType, sparsity, denseAbove, downType, repack, device);
  }

  public LoadOptions withActivation(ActivationSpec replacement) {
    return new LoadOptions(
        threads,
        contextLength,
        Optional.of(replacement),
        cacheType,
        sparsity,
        denseAbove,
        downType,
        repack,
        device);
  }

  public LoadOptions withCacheType(CacheType type) {
    return new LoadOptions(
        threads, contextLength, activation, type, sparsity, denseAbove, downType, repack, device);
  }

  public LoadOptions withSparsity(SparsityMode mode) {
    return new LoadOptions(
        threads, contextLength, activation, cacheType, mode, denseAbove, downType, repack, device);
  }

  public LoadOptions withDenseAbove(double density) {
    return new LoadOptions(
        threads,
        contextLength,
        activation,
        cacheType,
        sparsity,
        OptionalDouble.of(density),
        downType,
        repack,
        device);
  }

  public LoadOptions withDownType(TensorType type) {
    return new LoadOptions(
        threads,
        contextLength,
        activation,
        cacheType,
        sparsity,
        denseAbove,
        Optional.of(type),
        repack,
        device);
  }

  public LoadOptions withRepack(Repack choice) {
    return new LoadOptions(
        threads,
        contextLength,
        activation,
        cacheType,
        sparsity,
        denseAbove,
        downType,
        choice,
        device);
  }

  public LoadOptions withDevice(DeviceOptions options) {
    return new LoadOptions(
        threads,
        contextLength,
        activation,
        cacheType,
        sparsity,
        denseAbove,
        downType,
        repack,
        Optional.of(options));
  }
}
