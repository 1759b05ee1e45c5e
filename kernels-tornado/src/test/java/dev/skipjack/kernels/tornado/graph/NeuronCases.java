package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.activation.ActivationRegistry;
import dev.skipjack.kernels.tornado.kernel.ActiveNeurons;
import dev.skipjack.kernels.tornado.kernel.FeedForward;
import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Feed-forward kernels: every activation and form, lists of neurons, and what reads them. */
final class NeuronCases {
  private static final int BATCH = KernelCases.BATCH;
  private static final int COUNT = KernelCases.COUNT;
  private static final int ROWS = 7;
  private static final int COLS = 64;

  private static final List<ActivationSpec> ACTIVATIONS =
      List.of(
          ActivationSpec.of("identity"),
          ActivationSpec.of("relu"),
          ActivationSpec.of("shifted_relu", 0.5f),
          ActivationSpec.of("fatrelu", 0.3f),
          ActivationSpec.of("relu2"),
          ActivationSpec.of("hardswish"),
          ActivationSpec.of("smelu", 1.5f),
          ActivationSpec.of("golu"),
          ActivationSpec.of("polyrelu", 0, 0.4f, 0.3f, 0.2f),
          ActivationSpec.of("silu"),
          ActivationSpec.of("silu", 1.3f),
          ActivationSpec.of("quick_gelu"),
          ActivationSpec.of("gelu"),
          ActivationSpec.of("gelu_pytorch_tanh"));

  private final KernelForm form;
  private final RandomArrays arrays = new RandomArrays();
  private final List<KernelCase> cases = new ArrayList<>();

  NeuronCases(KernelForm form) {
    this.form = form;
  }

  List<KernelCase> all() {
    // The formulas are the same code in both forms.
    for (ActivationSpec activation :
        form == KernelForm.LOOPS ? ACTIVATIONS : ACTIVATIONS.subList(0, 2)) {
      activate(activation, FeedForward.GATED, 0);
    }
    for (String name : List.of("relu", "silu")) {
      activate(ActivationSpec.of(name), FeedForward.UNGATED, 0);
      activate(ActivationSpec.of(name), FeedForward.SYMMETRIC, 0);
      activate(ActivationSpec.of(name), FeedForward.GATED, 1.5f);
    }
    if (form == KernelForm.LOOPS) {
      for (TensorType type : List.of(TensorType.F32, TensorType.Q8_0, TensorType.Q4_0)) {
        zeros(type, 5);
        zeros(type, 129);
        predicted(type);
      }
    }
    return cases;
  }

  private void activate(ActivationSpec spec, int shape, float threshold) {
    Tensor gate = arrays.tensor(TensorType.Q8_0, ROWS, COLS);
    Tensor up = arrays.tensor(TensorType.F32, ROWS, COLS);
    FloatArray x = arrays.floats(BATCH * COLS);
    scale(x, 0.2f);
    FloatArray neurons = RandomArrays.unset(BATCH * ROWS);
    var kernels = KernelCases.kernels(form, RandomArrays.step(0, COUNT));
    kernels.activate("neurons", neurons(spec, shape, threshold, gate, up), x, neurons);
    double[] expected = new double[COUNT * ROWS];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = neuron(spec, shape, threshold, gate, up, x, i / ROWS, i % ROWS);
    }
    cases.add(
        new KernelCase(
            "%s form %d threshold %s".formatted(spec, shape, threshold),
            kernels.calls(),
            List.of(neurons),
            neurons::get,
            expected,
            COLS));
  }

  private static DeviceNeurons neurons(
      ActivationSpec spec, int shape, float threshold, Tensor gate, Tensor up) {
    DeviceActivation activation = DeviceActivation.require(spec);
    return new DeviceNeurons(
        DeviceMatrix.of(gate),
        DeviceMatrix.of(up),
        activation.parameters(threshold),
        FeedForward.pack(activation.number(), shape));
  }

  private static double neuron(
      ActivationSpec spec,
      int shape,
      float threshold,
      Tensor gate,
      Tensor up,
      FloatArray x,
      int token,
      int row) {
    double u = RandomArrays.dot(up.toFloats(), row, COLS, x, token);
    if (shape == FeedForward.UNGATED) {
      return kept(act(spec, u), threshold);
    }
    double g = kept(act(spec, RandomArrays.dot(gate.toFloats(), row, COLS, x, token)), threshold);
    return g * (shape == FeedForward.SYMMETRIC ? act(spec, u) : u);
  }

  private static double kept(double value, float threshold) {
    return Math.abs(value) <= threshold ? 0 : value;
  }

  private static double act(ActivationSpec spec, double x) {
    Activation activation = ActivationRegistry.scalar(spec.name(), spec.parameters());
    float[] value = {(float) x};
    activation.apply(value, 0, 1);
    return value[0];
  }

  private static void scale(FloatArray x, float factor) {
    for (int i = 0; i < x.getSize(); i++) {
      x.set(i, factor * x.get(i));
    }
  }

  /** Neurons that are not zero, and the down projection over them; one token has none. */
  private void zeros(TensorType type, int length) {
    Tensor down = arrays.tensor(type, length, COLS);
    FloatArray neurons = arrays.floats(BATCH * length);
    for (int i = 0; i < neurons.getSize(); i++) {
      if (i >= length || i % 3 != 0) {
        neurons.set(i, 0);
      }
    }
    FloatArray y = arrays.floats(BATCH * COLS);
    FloatArray before = RandomArrays.copy(y);
    FloatArray bias = arrays.floats(COLS);
    ActiveList list = ActiveList.of(BATCH, length);
    var kernels = KernelCases.kernels(form, RandomArrays.step(0, COUNT));
    kernels.list("active", neurons, length, list, ActiveNeurons.NONZERO, 0);
    kernels.down(
        "down",
        new DeviceLinear(DeviceMatrix.of(down), bias, 0.5f),
        neurons,
        list,
        y,
        2,
        ActiveNeurons.modes(Projection.ADD, ActiveNeurons.BY_NEURON));
    float[] weights = down.toFloats();
    double[] expected = new double[BATCH * COLS];
    for (int i = 0; i < expected.length; i++) {
      int col = i % COLS;
      double sum = 0;
      for (int n = 0; n < length && i < COUNT * COLS; n++) {
        sum += neurons.get(i / COLS * length + n) * (double) weights[n * COLS + col];
      }
      expected[i] = before.get(i) + (i < COUNT * COLS ? 2 * (0.5 * sum + bias.get(col)) : 0);
    }
    cases.add(
        new KernelCase(
            "%s down over non-zeros of %d".formatted(type, length),
            kernels.calls(),
            List.of(y),
            y::get,
            expected,
            length));
  }

  /** Neurons that a predictor lists, gathered. */
  private void predicted(TensorType type) {
    int length = 70;
    ActivationSpec relu = ActivationSpec.of("relu");
    Tensor gate = arrays.tensor(type, length, COLS);
    Tensor up = arrays.tensor(type, length, COLS);
    Tensor down = arrays.tensor(type, length, COLS);
    FloatArray x = arrays.floats(BATCH * COLS);
    FloatArray predictions = arrays.floats(BATCH * length);
    FloatArray neurons = RandomArrays.unset(BATCH * length);
    FloatArray y = RandomArrays.unset(COUNT * COLS);
    FloatArray bias = new FloatArray(COLS);
    bias.init(0);
    ActiveList list = ActiveList.of(BATCH, length);
    IntArray step = RandomArrays.step(0, COUNT);
    var kernels = KernelCases.kernels(form, step);
    kernels.list("predicted", predictions, length, list, ActiveNeurons.NOT_BELOW, 0.25f);
    kernels.activateListed(
        "neurons", neurons(relu, FeedForward.GATED, 0, gate, up), x, list, neurons);
    kernels.down(
        "down",
        new DeviceLinear(DeviceMatrix.of(down), bias, 1),
        neurons,
        list,
        y,
        1,
        ActiveNeurons.modes(Projection.STORE, ActiveNeurons.BY_PLACE));
    float[] weights = down.toFloats();
    double[] expected = new double[COUNT * COLS];
    for (int token = 0; token < COUNT; token++) {
      double[] out = new double[COLS];
      for (int n = 0; n < length; n++) {
        if (predictions.get(token * length + n) >= 0.25f) {
          double value = neuron(relu, FeedForward.GATED, 0, gate, up, x, token, n);
          for (int c = 0; c < COLS; c++) {
            out[c] += value * weights[n * COLS + c];
          }
        }
      }
      System.arraycopy(out, 0, expected, token * COLS, COLS);
    }
    cases.add(
        new KernelCase(
            type + " predicted neurons",
            kernels.calls(),
            List.of(y),
            y::get,
            Arrays.copyOf(expected, expected.length),
            length));
  }
}
