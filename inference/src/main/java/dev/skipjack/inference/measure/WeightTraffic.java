package dev.skipjack.inference.measure;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The bytes a decoder reads from memory outside its feed-forward branches, which count their own:
 * every linear map once per batch, one embedding row per token, and the cached keys and values that
 * a batch attends to, once. Norms and biases are left out: they stay in a processor's caches.
 *
 * <p>Whoever divides this by time gets a rate that compares with {@link StreamingBandwidth}. In a
 * large batch it is a lower bound, because weights and cache may be read more than once.
 */
final class WeightTraffic {
  private final DecoderSpec spec;
  private final TensorType cacheType;
  private final int batch;

  private WeightTraffic(DecoderSpec spec, TensorType cacheType, int batch) {
    this.spec = spec;
    this.cacheType = cacheType;
    this.batch = batch;
  }

  static WeightTraffic of(LanguageModel model) {
    return new WeightTraffic(model.spec(), model.cacheType(), model.batchLength());
  }

  /** Mean bytes per token. */
  double perToken(ThroughputTest test) {
    long attention = attention();
    long output = spec.output().linear().weight().byteSize();
    int size = test.phase() == Phase.PROMPT ? batch : 1;
    double bytes = (double) test.tokens() * spec.embedding().weight().rowBytes();
    for (int fed = 0; fed < test.tokens(); fed += size) {
      int count = Math.min(size, test.tokens() - fed);
      boolean logits = test.phase() == Phase.GENERATION || fed + count == test.tokens();
      bytes += attention + (logits ? output : 0) + cache(test.depth() + fed, count);
    }
    return bytes / test.tokens();
  }

  /** Bytes of the attention branches' weights. */
  long attention() {
    return spec.layers().stream()
        .map(LayerSpec::attention)
        .flatMap(a -> Stream.concat(projections(a.projection()), Stream.of(a.output())))
        .mapToLong(linear -> linear.weight().byteSize())
        .sum();
  }

  private static Stream<LinearSpec> projections(ProjectionSpec projection) {
    return switch (projection) {
      case ProjectionSpec.Direct direct -> Stream.of(direct.query(), direct.key(), direct.value());
      case ProjectionSpec.Latent latent ->
          Stream.of(latent.query(), latent.compress(), latent.expand());
    };
  }

  /** Keys and values that {@code count} tokens from {@code position} on attend to. */
  private long cache(int position, int count) {
    return spec.layers().stream()
        .mapToLong(layer -> cache(layer.attention(), position, count))
        .sum();
  }

  private long cache(AttentionSpec attention, int position, int count) {
    int end = position + count;
    int positions =
        attention.slidingWindow() == 0 ? end : Math.min(end, attention.slidingWindow() + count - 1);
    return IntStream.of(attention.keyLength(), attention.valueLength())
        .map(length -> Math.ceilDiv(length, cacheType.blockLength()))
        .mapToLong(blocks -> (long) blocks * cacheType.blockBytes() * attention.kvHeadCount())
        .map(row -> row * positions)
        .sum();
  }
}
