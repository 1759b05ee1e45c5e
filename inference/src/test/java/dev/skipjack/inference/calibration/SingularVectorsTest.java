package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.input.Factors;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.LinearSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingularVectorsTest {
  private static final int RANK = 3;

  /** A matrix of rank 3 with singular values 8, 4 and 2 in Hadamard directions. */
  private static float[] matrix(int rows, int cols) {
    float[] values = new float[rows * cols];
    for (int r = 0; r < RANK; r++) {
      double singular = 8 >> r;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < cols; j++) {
          double u = sign(i & r + 1) / Math.sqrt(rows);
          double v = sign(j & r + 1) / Math.sqrt(cols);
          values[i * cols + j] += (float) (singular * u * v);
        }
      }
    }
    return values;
  }

  private static int sign(int bits) {
    return Integer.bitCount(bits) % 2 == 0 ? 1 : -1;
  }

  private static LayerWeight weight(float[] values, int rows, int cols, boolean transposed) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 8);
    TensorType.F32.codec().encode(values, 0, values.length, data, 0);
    Tensor tensor = new Tensor("w", TensorType.F32, new long[] {rows, cols}, data);
    return new LayerWeight(2, LinearRole.DOWN, LinearSpec.of(tensor), transposed, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"16, 32, false", "32, 16, false", "16, 32, true", "32, 16, true"})
  void factorsMultiplyToTheWeight(int rows, int cols, boolean transposed) {
    float[] values = matrix(rows, cols);
    LayerWeight weight = weight(values, rows, cols, transposed);
    Factors factors = SingularVectors.of(weight, RANK, TensorType.F32, Arena.ofAuto());
    assertThat(factors.u().name()).isEqualTo("blk.2.ffn_down.sparse_u");
    assertThat(factors.v().name()).isEqualTo("blk.2.ffn_down.sparse_v");
    assertThat(factors.u().shape()).containsExactly(RANK, weight.outputs());
    assertThat(factors.v().shape()).containsExactly(RANK, weight.inputs());
    float[] u = factors.u().toFloats();
    float[] v = factors.v().toFloats();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        float sum = 0;
        for (int r = 0; r < RANK; r++) {
          sum += transposed ? u[r * cols + j] * v[r * rows + i] : u[r * rows + i] * v[r * cols + j];
        }
        assertThat(sum).isCloseTo(values[i * cols + j], within(1e-5f));
      }
    }
    for (int r = 0; r < RANK; r++) {
      assertThat(norm(v, r * weight.inputs(), weight.inputs())).isCloseTo(8 >> r, within(1e-5));
      assertThat(norm(u, r * weight.outputs(), weight.outputs())).isCloseTo(1, within(1e-5));
    }
  }

  private static double norm(float[] x, int offset, int length) {
    double squares = 0;
    for (int i = offset; i < offset + length; i++) {
      squares += (double) x[i] * x[i];
    }
    return Math.sqrt(squares);
  }
}
