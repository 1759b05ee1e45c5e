package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that take turns in memory against rows of the same tensors that do not. */
class RowBundleTest {
  private static final int ROWS = 37;
  private static final int[] ACTIVE = {4, 0, 3, 8, 17, 18, 1, 36, 20};

  static Stream<List<Tensor>> bundles() {
    return Stream.of(480, 512, 1504)
        .flatMap(
            cols ->
                Stream.of(
                    List.of(
                        tensor(TensorType.Q4_0, ROWS, cols, 1),
                        tensor(TensorType.Q4_0, ROWS, cols, 2),
                        tensor(TensorType.Q8_0, ROWS, cols, 3)),
                    List.of(
                        tensor(TensorType.Q8_0, ROWS, cols, 4),
                        tensor(TensorType.Q4_0, ROWS, cols + 32, 5))));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void bundledRowsAreTheSameRows(List<Tensor> tensors) {
    try (ThreadTeam team = new ThreadTeam(3);
        PackingProvider together = new PackingProvider(new VectorKernelProvider(), team);
        PackingProvider alone = new PackingProvider(new VectorKernelProvider(), team)) {
      List<Rows> bundle = together.bundle(tensors);
      assertThat(bundle).hasSameSizeAs(tensors);
      for (int i = 0; i < tensors.size(); i++) {
        Rows expected = alone.rows(tensors.get(i));
        assertThat(bundle.get(i).byteSize()).isEqualTo(expected.byteSize());
        assertThat(products(bundle.get(i))).containsExactly(products(expected));
        assertThat(sums(bundle.get(i))).containsExactly(sums(expected));
        assertThat(batch(bundle.get(i))).containsExactly(batch(expected));
      }
      assertThat(together.packedBytes()).isEqualTo(alone.packedBytes());
    }
  }

  private static float[] products(Rows rows) {
    Activations x = activations(2, rows.cols(), 9);
    new VectorKernelProvider().floats().quantize(x, 0, 2);
    float[] y = new float[ACTIVE.length];
    rows.multiplyRows(x, 1, ACTIVE, 0, ACTIVE.length, y, 0);
    return y;
  }

  /** Products of several tokens with all rows; none where the layout does not serve them. */
  private static float[] batch(Rows rows) {
    Activations x = activations(7, rows.cols(), 9);
    new VectorKernelProvider().floats().quantize(x, 0, 7);
    float[] y = new float[7 * ROWS];
    rows.whole().ifPresent(matrix -> matrix.multiply(x, 7, 0, ROWS, y, 0, ROWS));
    return y;
  }

  private static float[] sums(Rows rows) {
    float[] y = new float[rows.cols()];
    float[] coefficients = activations(1, ACTIVE.length, 11).values();
    rows.addRows(coefficients, 0, ACTIVE, ACTIVE.length, 0, rows.cols(), y, 0);
    return y;
  }

  @Test
  void whatCannotBePackedIsReadAsItIs() {
    try (ThreadTeam team = new ThreadTeam(1);
        PackingProvider kernels = new PackingProvider(new VectorKernelProvider(), team)) {
      List<Rows> bundle =
          kernels.bundle(
              List.of(tensor(TensorType.Q8_0, 5, 512, 1), tensor(TensorType.F32, 5, 512, 2)));
      assertThat(bundle.getFirst()).isNotInstanceOf(RowMatrix.class);
      assertThat(bundle.getLast()).isInstanceOf(RowMatrix.class);
    }
  }
}
