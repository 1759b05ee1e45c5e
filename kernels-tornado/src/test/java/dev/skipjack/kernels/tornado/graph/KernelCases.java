package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Norms;
import dev.skipjack.kernels.tornado.kernel.Projection;
import dev.skipjack.kernels.tornado.kernel.Step;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Every kernel over awkward sizes, with results computed in double from the definitions. */
public final class KernelCases {
  /** Room for tokens, of which {@link #COUNT} are there: the rest must be left alone. */
  static final int BATCH = 3;

  static final int COUNT = 2;

  private final KernelForm form;
  private final RandomArrays arrays = new RandomArrays();
  private final List<KernelCase> cases = new ArrayList<>();

  private KernelCases(KernelForm form) {
    this.form = form;
  }

  /** All cases in one form of the kernels. */
  public static Stream<KernelCase> of(KernelForm form) {
    KernelCases all = new KernelCases(form);
    all.projections();
    all.norms();
    all.cases.addAll(new NeuronCases(form).all());
    if (form == KernelForm.LOOPS) {
      all.streams();
      all.cases.addAll(new AttentionCases().all());
    }
    return all.cases.stream();
  }

  /** Cases for devices that have half floats. */
  public static Stream<KernelCase> ofHalves(KernelForm form) {
    KernelCases all = new KernelCases(form);
    for (int cols : new int[] {1, 7, 65, 129}) {
      all.projection(TensorType.F16, 5, cols, Projection.STORE, true);
      all.projection(TensorType.F16, 1, cols, Projection.ADD, true);
    }
    return all.cases.stream();
  }

  static Kernels kernels(KernelForm form, IntArray step) {
    return new Kernels(form, BATCH, step, new FloatArray(BATCH * 8 * Norms.PARTS));
  }

  private void projections() {
    for (TensorType type :
        List.of(
            TensorType.F32,
            TensorType.F16,
            TensorType.BF16,
            TensorType.Q8_0,
            TensorType.Q4_0,
            TensorType.Q4_K,
            TensorType.Q6_K)) {
      int block = type.blockLength();
      for (int cols : block == 1 ? new int[] {1, 7, 65, 129} : new int[] {block, 3 * block}) {
        projection(type, 5, cols, Projection.STORE, false);
        projection(type, 1, cols, Projection.ADD, false);
      }
    }
  }

  private void projection(TensorType type, int rows, int cols, int mode, boolean halves) {
    Tensor tensor = arrays.tensor(type, rows, cols);
    FloatArray bias = arrays.floats(rows);
    FloatArray x = arrays.floats(BATCH * cols);
    FloatArray y = arrays.floats(BATCH * rows);
    FloatArray before = RandomArrays.copy(y);
    Kernels kernels = kernels(form, RandomArrays.step(0, COUNT));
    DeviceLinear linear =
        halves
            ? DeviceLinear.ofHalves(tensor, bias, 0.5f)
            : new DeviceLinear(DeviceMatrix.of(tensor), bias, 0.5f);
    kernels.multiply("multiply", linear, x, y, 2, mode);
    float[] weights = tensor.toFloats();
    double[] expected = new double[BATCH * rows];
    for (int i = 0; i < expected.length; i++) {
      int row = i % rows;
      double sum = 2 * (0.5 * RandomArrays.dot(weights, row, cols, x, i / rows) + bias.get(row));
      expected[i] =
          i / rows >= COUNT ? before.get(i) : mode == Projection.ADD ? before.get(i) + sum : sum;
    }
    add(
        "%s%s [%d x %d] mode %d".formatted(halves ? "half " : "", type, rows, cols, mode),
        kernels,
        y,
        expected,
        cols);
  }

  private void norms() {
    for (int size : new int[] {1, 5, 64, 300}) {
      for (int vectors : new int[] {1, 3}) {
        FloatArray x = arrays.floats(BATCH * vectors * size);
        FloatArray out = RandomArrays.copy(x);
        FloatArray weight = arrays.floats(size);
        Kernels kernels = kernels(form, RandomArrays.step(0, COUNT));
        kernels.norm("norm", x, new DeviceNorm(weight, 1e-3f), out, vectors);
        double[] expected = new double[BATCH * vectors * size];
        for (int i = 0; i < expected.length; i++) {
          double squares = 0;
          for (int c = 0; c < size; c++) {
            squares += Math.pow(x.get(i / size * size + c), 2);
          }
          expected[i] =
              i >= COUNT * vectors * size
                  ? x.get(i)
                  : weight.get(i % size) * x.get(i) / Math.sqrt(squares / size + 1e-3);
        }
        add("norm of %d x %d".formatted(vectors, size), kernels, out, expected, 1);
      }
    }
  }

  private void streams() {
    int size = 33;
    FloatArray x = arrays.floats(BATCH * size);
    FloatArray y = arrays.floats(BATCH * size);
    FloatArray before = RandomArrays.copy(y);
    Kernels add = kernels(form, RandomArrays.step(0, COUNT));
    add.add("add", x, y, size, 0.5f);
    double[] sums = new double[BATCH * size];
    double[] capped = new double[BATCH * size];
    for (int i = 0; i < sums.length; i++) {
      boolean there = i < COUNT * size;
      sums[i] = before.get(i) + (there ? 0.5 * x.get(i) : 0);
      capped[i] = there ? 3 * Math.tanh(x.get(i) / 3) : x.get(i);
    }
    add("add", add, y, sums, 1);

    FloatArray whole = RandomArrays.copy(x);
    Kernels cap = kernels(form, RandomArrays.step(0, COUNT));
    cap.cap("cap", whole, size, 3);
    add("cap", cap, whole, capped, 1);

    FloatArray target = RandomArrays.unset(COUNT * size);
    FloatArray last = RandomArrays.unset(size);
    Kernels copies = kernels(form, RandomArrays.step(0, COUNT));
    copies.copy("copy", x, target, size);
    copies.last("last", x, last, size);
    double[] copied = new double[(COUNT + 1) * size];
    for (int i = 0; i < copied.length; i++) {
      copied[i] = x.get(i < COUNT * size ? i : i - size);
    }
    cases.add(
        new KernelCase(
            "copies",
            copies.calls(),
            List.of(target, last),
            i -> i < COUNT * size ? target.get(i) : last.get(i - COUNT * size),
            copied,
            1));
    for (int length : new int[] {1, 255, 1000}) {
      argmax(length);
    }
  }

  /** Two of the choices are equal, and one beyond them is larger. */
  private void argmax(int size) {
    FloatArray x = arrays.floats(size + 7);
    int best = size / 2;
    x.set(best, 10);
    x.set(size - 1, 10);
    x.set(size, 11);
    IntArray result = new IntArray(1);
    IntArray step = RandomArrays.step(0, COUNT);
    step.set(Step.CHOICES, size);
    Kernels kernels = kernels(form, step);
    kernels.argmax("argmax", x, result);
    cases.add(
        new KernelCase(
            "argmax of " + size,
            kernels.calls(),
            List.of(result),
            result::get,
            new double[] {best},
            1));
  }

  private void add(String name, Kernels kernels, FloatArray result, double[] expected, int terms) {
    cases.add(new KernelCase(name, kernels.calls(), List.of(result), result::get, expected, terms));
  }
}
