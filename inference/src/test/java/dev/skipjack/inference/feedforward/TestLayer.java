package dev.skipjack.inference.feedforward;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.EmbeddingSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.FeedForwardSpec.StatisticalTopK;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LayerSpec.Topology;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ModelConfig;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.OutputSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A feed-forward layer of random weights, of sizes that no vector width divides. */
record TestLayer(
    Form form,
    String activation,
    Optional<StatisticalTopK> topK,
    boolean norm,
    Topology topology,
    PredictorSpec.Input predictorInput) {
  static final int HIDDEN = 84;
  static final int LENGTH = 150;
  static final int RANK = 9;
  static final float SCALE = 0.8f;
  static final float PREDICTOR_THRESHOLD = 0.1f;
  static final float EPSILON = 1e-5f;

  static TestLayer of(Form form, String activation) {
    return new TestLayer(
        form,
        activation,
        Optional.empty(),
        false,
        Topology.SEQUENTIAL,
        PredictorSpec.Input.RESIDUAL);
  }

  TestLayer withTopK(float deviations) {
    return new TestLayer(
        form,
        activation,
        Optional.of(new StatisticalTopK(deviations)),
        norm,
        topology,
        predictorInput);
  }

  TestLayer withNorm() {
    return new TestLayer(form, activation, topK, true, topology, predictorInput);
  }

  TestLayer withPredictor(Topology newTopology, PredictorSpec.Input input) {
    return new TestLayer(form, activation, topK, norm, newTopology, input);
  }

  Dense network() {
    Optional<LinearSpec> gate =
        form == Form.UNGATED ? Optional.empty() : Optional.of(linear("gate", 1));
    return new Dense(
        LENGTH,
        form,
        ActivationSpec.parse(activation),
        gate,
        linear("up", 2),
        new DownSpec(
            random("down", 3, HIDDEN, LENGTH), false, Optional.of(random("b", 4, HIDDEN)), SCALE),
        norm
            ? Optional.of(
                new NormSpec(
                    NormSpec.Kind.RMS, random("norm", 5, LENGTH), Optional.empty(), EPSILON))
            : Optional.empty(),
        topK,
        Optional.of(
            new PredictorSpec(
                random("fc1", 6, RANK, HIDDEN),
                random("fc2", 7, LENGTH, RANK),
                PREDICTOR_THRESHOLD,
                predictorInput,
                true)));
  }

  private static LinearSpec linear(String name, int seed) {
    return new LinearSpec(
        random(name, seed, LENGTH, HIDDEN),
        Optional.of(random(name + ".bias", seed + 100, LENGTH)),
        SCALE);
  }

  LayerSpec spec() {
    LinearSpec none = LinearSpec.of(random("attention", 8, 4, HIDDEN));
    AttentionSpec attention =
        new AttentionSpec(
            1,
            1,
            4,
            4,
            new ProjectionSpec.Direct(none, none, none),
            none,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1,
            0,
            0,
            Optional.empty(),
            Optional.empty());
    return new LayerSpec(
        0,
        topology,
        Optional.empty(),
        attention,
        Optional.empty(),
        Optional.empty(),
        network(),
        Optional.empty(),
        1);
  }

  DecoderSpec decoder() {
    Tensor embedding = random("embedding", 9, 3, HIDDEN);
    return new DecoderSpec(
        new ModelConfig("test", "", 3, 64, HIDDEN, 1, 1, 1, 4, LENGTH),
        new EmbeddingSpec(embedding, 1),
        List.of(spec()),
        new NormSpec(NormSpec.Kind.RMS, random("output", 10, HIDDEN), Optional.empty(), EPSILON),
        new OutputSpec(LinearSpec.of(embedding), 1, 0));
  }

  static Metadata noMetadata() {
    return new Metadata("test", Map.of());
  }

  /** Values around zero, the same for the same seed. */
  static float[] floats(int seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 3;
    }
    return values;
  }

  static Tensor random(String name, int seed, long... shape) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    return tensor(name, TensorType.F32, floats(seed, count), shape);
  }

  static Tensor tensor(String name, TensorType type, float[] values, long... shape) {
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(values.length), Long.BYTES);
    type.codec().encode(values, 0, values.length, data, 0);
    return new Tensor(name, type, shape, data);
  }
}
