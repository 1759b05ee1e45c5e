package dev.skipjack.inference.measure;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The bytes a decoder reads from memory: every linear map once per batch, of the feed-forward only
 * what its mode computes, one embedding row per token, and the cached keys and values that a batch
 * attends to, once. Norms and biases are left out: they stay in a processor's caches.
 *
 * <p>Whoever divides this by time gets a rate that compares with {@link StreamingBandwidth}. In a
 * large batch it is a lower bound, because weights and cache may be read more than once.
 */
final class WeightTraffic {
  private final DecoderSpec spec;
  private final TensorType cacheType;
  private final String mode;
  private final int batch;

  private WeightTraffic(DecoderSpec spec, TensorType cacheType, String mode, int batch) {
    this.spec = spec;
    this.cacheType = cacheType;
    this.mode = mode;
    this.batch = batch;
  }

  /**
   * @param mode of the feed-forward, as {@link dev.skipjack.inference.FeedForwardStatistics} names
   *     it
   */
  static WeightTraffic of(LanguageModel model, String mode) {
    return new WeightTraffic(model.spec(), model.cacheType(), mode, model.batchLength());
  }

  /** Mean bytes per token; empty when the mode does not tell what it reads. */
  OptionalDouble perToken(ThroughputTest test, double density) {
    OptionalDouble feedForward = feedForward(density);
    if (feedForward.isEmpty()) {
      return OptionalDouble.empty();
    }
    double layers = attention() + feedForward.getAsDouble();
    long output = spec.output().linear().weight().byteSize();
    int size = test.phase() == Phase.PROMPT ? batch : 1;
    double bytes = (double) test.tokens() * spec.embedding().weight().rowBytes();
    for (int fed = 0; fed < test.tokens(); fed += size) {
      int count = Math.min(size, test.tokens() - fed);
      boolean logits = test.phase() == Phase.GENERATION || fed + count == test.tokens();
      bytes += layers + (logits ? output : 0) + cache(test.depth() + fed, count);
    }
    return OptionalDouble.of(bytes / test.tokens());
  }

  private long attention() {
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

  private OptionalDouble feedForward(double density) {
    double sum = 0;
    for (LayerSpec layer : spec.layers()) {
      OptionalDouble bytes =
          switch (layer.feedForward()) {
            case Dense network -> network(network, density);
            case MixtureOfExperts mixture -> mixture(mixture, density);
          };
      if (bytes.isEmpty()) {
        return bytes;
      }
      sum += bytes.getAsDouble();
    }
    return OptionalDouble.of(sum);
  }

  /** Experts are alike; a batch is counted as if all its tokens used the same ones. */
  private OptionalDouble mixture(MixtureOfExperts mixture, double density) {
    OptionalDouble expert = network(mixture.experts().getFirst(), density);
    return expert.isEmpty()
        ? expert
        : OptionalDouble.of(
            mixture.router().weight().byteSize() + mixture.usedCount() * expert.getAsDouble());
  }

  private OptionalDouble network(Dense network, double density) {
    double up = network.up().weight().byteSize();
    double down = network.down().weight().byteSize();
    double gate = network.gate().map(linear -> linear.weight().byteSize()).orElse(0L);
    double predictor = network.predictor().map(WeightTraffic::bytes).orElse(0L);
    return switch (mode) {
      case "dense" -> OptionalDouble.of(gate + up + down);
      case "exact", "cats" ->
          OptionalDouble.of(gate == 0 ? up + density * down : gate + density * (up + down));
      case "predictor" -> OptionalDouble.of(predictor + density * (gate + up + down));
      default -> OptionalDouble.empty();
    };
  }

  private static long bytes(PredictorSpec predictor) {
    return Stream.of(predictor.fc1(), predictor.fc2()).mapToLong(Tensor::byteSize).sum();
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
        .mapToLong(length -> cacheType.byteSize((long) attention.kvHeadCount() * length))
        .map(row -> row * positions)
        .sum();
  }
}
