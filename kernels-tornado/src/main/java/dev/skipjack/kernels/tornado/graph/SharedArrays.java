package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Attention;
import dev.skipjack.kernels.tornado.kernel.Norms;
import dev.skipjack.kernels.tornado.kernel.Step;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.RopeSpec;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The buffers of a step, which stay on the device from graph to graph; B tokens at most. */
final class SharedArrays {
  private final List<Object> all = new ArrayList<>();
  private final int hiddenSize;
  private final Map<RopeSpec, DeviceRotation> rotations = new IdentityHashMap<>();

  /** See {@link Step}. */
  final IntArray step;

  /** What the host sends {@code [B x hidden]}. */
  final FloatArray input;

  /** The residual stream {@code [B x hidden]}. */
  final FloatArray residual;

  /** The input of a branch {@code [B x hidden]}. */
  final FloatArray normed;

  /** The output of a branch that has a norm behind it {@code [B x hidden]}. */
  final FloatArray branch;

  /**
   * What cold neurons of the processor add to a branch {@code [B x hidden]}; stays with the graph
   * that it is sent to.
   */
  final FloatArray cold;

  /** Sums of squares of norms. */
  final FloatArray normParts;

  /** {@code [B x heads * keyLength]}. */
  final FloatArray query;

  /** {@code [B x kvHeads * keyLength]}. */
  final FloatArray key;

  /** {@code [B x kvHeads * valueLength]}. */
  final FloatArray value;

  /** {@code [B x heads * valueLength]}. */
  final FloatArray attended;

  final Scores scores;

  /** {@code [B x neurons]}. */
  final FloatArray neurons;

  /** Hidden values of predictors {@code [B x rank]}. */
  final FloatArray predictorHidden;

  /** Logits of predictors {@code [B x neurons]}. */
  final FloatArray predictions;

  final ActiveList active;

  SharedArrays(DecoderSpec spec, List<LayerSpec> layers, int batch, int context) {
    int hidden = spec.config().hiddenSize();
    this.hiddenSize = hidden;
    this.step = keep(new IntArray(Step.SIZE));
    this.input = floats(batch, hidden);
    this.residual = floats(batch, hidden);
    this.normed = floats(batch, hidden);
    this.branch = floats(batch, hidden);
    this.cold = new FloatArray(Math.multiplyExact(batch, hidden));
    int heads = most(layers, layer -> layer.attention().headCount());
    this.normParts = floats(batch, heads * Norms.PARTS);
    this.query = floats(batch, attention(layers, a -> a.headCount() * a.keyLength()));
    this.key = floats(batch, attention(layers, a -> a.kvHeadCount() * a.keyLength()));
    this.value = floats(batch, attention(layers, a -> a.kvHeadCount() * a.valueLength()));
    this.attended = floats(batch, attention(layers, a -> a.headCount() * a.valueLength()));
    this.scores =
        new Scores(floats(batch, heads * context), floats(batch, heads * Attention.LANES));
    int length = most(layers, layer -> network(layer).length());
    int rank = most(layers, layer -> network(layer).predictor().map(SharedArrays::rank).orElse(1));
    this.neurons = floats(batch, length);
    this.predictorHidden = floats(batch, rank);
    this.predictions = floats(batch, length);
    this.active = ActiveList.of(batch, length);
    keep(active.counts());
    keep(active.indices());
    keep(active.totals());
    for (LayerSpec layer : layers) {
      layer.attention().rope().ifPresent(rope -> rotation(rope, batch));
    }
  }

  private void rotation(RopeSpec rope, int batch) {
    rotations.computeIfAbsent(
        rope,
        r -> {
          DeviceRotation rotation = DeviceRotation.of(r, batch);
          keep(rotation.angles());
          return rotation;
        });
  }

  private static int attention(List<LayerSpec> layers, ToIntFunction<AttentionSpec> size) {
    return most(layers, layer -> size.applyAsInt(layer.attention()));
  }

  private static int most(List<LayerSpec> layers, ToIntFunction<LayerSpec> size) {
    return layers.stream().mapToInt(size).max().orElse(1);
  }

  private static Dense network(LayerSpec layer) {
    return (Dense) layer.feedForward();
  }

  private static int rank(PredictorSpec predictor) {
    return predictor.fc1().rows();
  }

  private FloatArray floats(int batch, int cols) {
    return keep(new FloatArray(Math.multiplyExact(batch, cols)));
  }

  private <T> T keep(T array) {
    all.add(array);
    return array;
  }

  /** Every array, in a fixed order. */
  List<Object> all() {
    return all;
  }

  /** What the host writes before every step. */
  List<Object> inputs() {
    List<Object> inputs = new ArrayList<>(List.of(step, input, cold));
    rotations().forEach(rotation -> inputs.add(rotation.angles()));
    return inputs;
  }

  List<DeviceRotation> rotations() {
    return List.copyOf(rotations.values());
  }

  Optional<DeviceRotation> rotation(LayerSpec layer) {
    return layer.attention().rope().map(rotations::get);
  }

  /** Vectors of a norm over heads or over the whole projection. */
  static int vectors(NormSpec norm, int row) {
    return row / norm.size();
  }

  int hiddenSize() {
    return hiddenSize;
  }
}
