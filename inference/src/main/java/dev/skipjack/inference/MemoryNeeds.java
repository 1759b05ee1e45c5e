package dev.skipjack.inference;

import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.input.InputSparsity;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.Optional;

/**
 * The memory that a model takes beside its mapped file when it is loaded with {@link
 * LoadOptions#DEFAULTS}, told from its description alone. Needs no Vector API.
 *
 * @param vectorBytes norms and biases, which are kept as floats
 * @param copiedBytes what down projections take that are copied neuron by neuron, where zeros are
 *     skipped, or all linear maps where inputs are left out
 * @param repackedBytes weights that may be copied into a faster layout: at most those of all
 *     matrices, or 0 for a model too small to gain from it
 * @param batchLength most tokens a session computes together
 * @param sessionBytes buffers of one session that has had a prompt of so many tokens, without a few
 *     hundred kB for each thread
 * @param cacheType how keys and values are kept
 * @param cacheBytesPerToken keys and values of one position
 */
public record MemoryNeeds(
    long vectorBytes,
    long copiedBytes,
    long repackedBytes,
    int batchLength,
    long sessionBytes,
    TensorType cacheType,
    long cacheBytesPerToken) {
  /** Computes what a described model needs. */
  public static MemoryNeeds of(ModelFile file, DecoderSpec spec) {
    KernelProvider kernels = KernelProviders.create("scalar");
    TensorType cacheType = LoadOptions.DEFAULTS.cacheType().resolve(spec);
    int batch = Math.min(LanguageModel.MAX_BATCH, spec.config().contextLength());
    boolean packing = LoadOptions.DEFAULTS.repack().applies(file);
    return new MemoryNeeds(
        vectorBytes(file),
        InputSparsity.calibrated(file.metadata(), spec).isPresent()
            ? InputSparsity.copiedBytes(spec, packing)
            : FeedForwards.copiedBytes(kernels, spec, file.metadata(), packing),
        packing ? matrixBytes(file) : 0,
        batch,
        sessionBytes(spec, batch),
        cacheType,
        cacheBytesPerToken(spec, kernels.cache(cacheType)));
  }

  private static long vectorBytes(ModelFile file) {
    return Float.BYTES
        * file.tensors().values().stream()
            .filter(tensor -> tensor.shape().length == 1)
            .mapToLong(Tensor::elementCount)
            .sum();
  }

  private static long matrixBytes(ModelFile file) {
    return file.tensors().values().stream()
        .filter(tensor -> tensor.shape().length > 1)
        .mapToLong(Tensor::byteSize)
        .sum();
  }

  /**
   * Buffers have a part for each token, one for each tile of tokens, and one that does not grow.
   */
  private static long sessionBytes(DecoderSpec spec, int batch) {
    long one = bufferBytes(spec, 1);
    long token = bufferBytes(spec, 2) - one;
    long tile = bufferBytes(spec, 1 + TokenTiles.TOKENS) - one - TokenTiles.TOKENS * token;
    long logits = (long) Float.BYTES * spec.config().vocabularySize();
    return one + (batch - 1) * token + (TokenTiles.tiles(batch) - 1) * tile + logits;
  }

  private static long bufferBytes(DecoderSpec spec, int batch) {
    Workspace space = new Workspace(spec, batch, Optional.empty());
    return space.byteSize() + space.tileBytes();
  }

  static long cacheBytesPerToken(DecoderSpec spec, CacheKernels cache) {
    long bytes = 0;
    for (var layer : spec.layers()) {
      AttentionSpec attention = layer.attention();
      long head = cache.tileBytes(attention.keyLength()) + cache.tileBytes(attention.valueLength());
      bytes += attention.kvHeadCount() * head / CacheKernels.TILE;
    }
    return bytes;
  }
}
