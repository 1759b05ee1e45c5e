package dev.skipjack.inference;

import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.ModelConfig;
import java.util.Optional;

/**
 * How a model is loaded.
 *
 * @param threads workers; 0 takes what the machine offers
 * @param contextLength positions a session holds; 0 takes the model's own
 * @param activation replaces the feed-forward activation the file names or implies
 * @param cacheType how sessions store keys and values
 * @param sparsity which neurons of the feed-forward networks are computed
 * @param repack whether weights are copied into a faster layout
 * @param device what computes layers besides the processor
 */
public record LoadOptions(
    int threads,
    int contextLength,
    Optional<ActivationSpec> activation,
    CacheType cacheType,
    SparsityMode sparsity,
    Repack repack,
    Optional<DeviceOptions> device) {
  public static final LoadOptions DEFAULTS =
      new LoadOptions(
          0, 0, Optional.empty(), CacheType.AUTO, SparsityMode.AUTO, Repack.AUTO, Optional.empty());

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
  }

  public LoadOptions withThreads(int count) {
    return new LoadOptions(count, contextLength, activation, cacheType, sparsity, repack, device);
  }

  public LoadOptions withContextLength(int positions) {
    return new LoadOptions(threads, positions, activation, cacheType, sparsity, repack, device);
  }

  public LoadOptions withActivation(ActivationSpec replacement) {
    return new LoadOptions(
        threads, contextLength, Optional.of(replacement), cacheType, sparsity, repack, device);
  }

  public LoadOptions withCacheType(CacheType type) {
    return new LoadOptions(threads, contextLength, activation, type, sparsity, repack, device);
  }

  public LoadOptions withSparsity(SparsityMode mode) {
    return new LoadOptions(threads, contextLength, activation, cacheType, mode, repack, device);
  }

  public LoadOptions withRepack(Repack choice) {
    return new LoadOptions(threads, contextLength, activation, cacheType, sparsity, choice, device);
  }

  public LoadOptions withDevice(DeviceOptions options) {
    return new LoadOptions(
        threads, contextLength, activation, cacheType, sparsity, repack, Optional.of(options));
  }
}
