package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.floats;
import static dev.skipjack.kernels.TestTensors.tensor;
import static dev.skipjack.kernels.TestTensors.wholeBlocks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Random shapes of every type: vector against scalar. */
class VectorMatrixPropertyTest {
  private static final int TRIES = 150;
  private static final String SEED = "20260101";

  private final KernelProvider scalar = new ScalarKernelProvider();
  private final KernelProvider vector = new VectorKernelProvider();

  @Provide
  Arbitrary<TensorType> types() {
    return Arbitraries.of(TestTensors.encodableTypes());
  }

  @Property(tries = TRIES, seed = SEED)
  void products(
      @ForAll("types") TensorType type,
      @ForAll @IntRange(min = 1, max = 37) int rows,
      @ForAll @IntRange(min = 1, max = 2100) int atLeastCols,
      @ForAll @IntRange(min = 1, max = 14) int tokens,
      @ForAll @IntRange(min = 0, max = 5) int offset) {
    int cols = wholeBlocks(type, atLeastCols);
    Tensor tensor = tensor(type, rows, cols, atLeastCols);
    Activations x = activations(tokens, cols, tokens);
    int from = rows / 3;
    float[] expected = new float[offset + tokens * rows];
    float[] actual = new float[offset + tokens * rows];
    scalar.matrix(tensor).multiply(x, tokens, from, rows, expected, offset, rows);
    vector.matrix(tensor).multiply(x, tokens, from, rows, actual, offset, rows);
    assertThat(actual).containsExactly(expected, within(1e-6f * cols));
  }

  @Property(tries = TRIES, seed = SEED)
  void addedRows(
      @ForAll("types") TensorType type,
      @ForAll @IntRange(min = 1, max = 700) int atLeastCols,
      @ForAll @IntRange(min = 0, max = 23) int count,
      @ForAll @IntRange(min = 0, max = 5) int offset) {
    int rows = 17;
    int cols = wholeBlocks(type, atLeastCols);
    Tensor tensor = tensor(type, rows, cols, atLeastCols);
    int[] list = new SplittableRandom(count).ints(count, 0, rows).toArray();
    float[] coefficients = floats(count, 4);
    float[] expected = floats(offset + cols, 5);
    float[] actual = expected.clone();
    scalar.matrix(tensor).addRows(coefficients, 0, list, count, 0, cols, expected, offset);
    vector.matrix(tensor).addRows(coefficients, 0, list, count, 0, cols, actual, offset);
    assertThat(actual).containsExactly(expected, within(1e-5f));
  }
}
