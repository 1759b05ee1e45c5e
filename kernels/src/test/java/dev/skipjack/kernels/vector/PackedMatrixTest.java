package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packed matrices against plain sums over decoded weights and the inputs as floats or as the int8
 * blocks that the scalar quantiser makes of them: a few tokens always as blocks, many tokens as
 * blocks where a type can be summed in 16 bits.
 */
class PackedMatrixTest {
  static final KernelProvider PROVIDER = new VectorKernelProvider();

  static final List<TensorType> ENCODABLE_TYPES =
      TestTensors.encodableTypes().stream()
          .filter(type -> type.blockLength() > 1)
          .filter(type -> PROVIDER.packed(tensor(type, 1, 256, 1)).isPresent())
          .toList();

  static final List<TensorType> TYPES =
      Stream.concat(ENCODABLE_TYPES.stream(), Stream.of(TensorType.Q5_K)).toList();

  private static final int[] ROWS = {1, 3, 4, 15, 16, 17, 40, 129, 300};
  private static final int[] COLS = {256, 512, 1280};

  @ParameterizedTest
  @FieldSource("TYPES")
  void oneTokenEqualsItsInt8Blocks(TensorType type) {
    for (int rows : ROWS) {
      for (int cols : COLS) {
        Tensor tensor = tensor(type, rows, cols, rows + cols);
        Activations x = quantized(1, cols, 7);
        float[] y = new float[rows + 2];
        packed(tensor).multiply(x, 1, 0, rows, y, 1, rows);
        double[] expected = sums(tensor, int8(x, 0));
        assertThat(y[0]).isZero();
        assertThat(y[rows + 1]).isZero();
        for (int r = 0; r < rows; r++) {
          assertThat((double) y[1 + r])
              .as("%s %dx%d row %d", type, rows, cols, r)
              .isCloseTo(expected[r], within(1e-5 * cols));
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void severalTokensEqualFloatsOrInt8Blocks(TensorType type) {
    for (int tokens : new int[] {2, 4, 5, 6, 7, 13}) {
      for (int rows : ROWS) {
        equalsSums(type, tokens, rows, 768);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void moreTokensAndRowsThanMeetAtOnce(TensorType type) {
    equalsSums(type, 530, 40, 256);
    equalsSums(type, 150, 3700, 256);
  }

  private static void equalsSums(TensorType type, int tokens, int rows, int cols) {
    Tensor tensor = tensor(type, rows, cols, rows);
    Activations x = quantized(tokens, cols, 3);
    int stride = rows + 3;
    float[] y = new float[1 + tokens * stride];
    packed(tensor).multiply(x, tokens, 0, rows, y, 1, stride);
    float[] weights = tensor.toFloats();
    boolean blocks = tokens <= 4 || type == TensorType.Q4_0;
    for (int t = 0; t < tokens; t += Math.max(1, tokens / 16)) {
      float[] token =
          blocks ? int8(x, t) : Arrays.copyOfRange(x.values(), t * cols, (t + 1) * cols);
      double[] expected = sums(weights, token);
      for (int r = 0; r < rows; r++) {
        assertThat((double) y[1 + t * stride + r])
            .as("%s %dx%d token %d of %d row %d", type, rows, cols, t, tokens, r)
            .isCloseTo(expected[r], within(1e-5 * cols));
      }
      assertThat(y[1 + t * stride + rows]).isZero();
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void splittingRowsDoesNotShowInManyTokens(TensorType type) {
    int rows = 200;
    int cols = 512;
    int tokens = 9;
    Matrix matrix = packed(tensor(type, rows, cols, 5));
    Activations x = quantized(tokens, cols, 6);
    float[] whole = new float[tokens * rows];
    float[] parts = new float[tokens * rows];
    matrix.multiply(x, tokens, 0, rows, whole, 0, rows);
    int step = matrix.rowStep();
    for (int row = 0; row < rows; row += 3 * step) {
      matrix.multiply(x, tokens, row, Math.min(rows, row + 3 * step), parts, 0, rows);
    }
    assertThat(parts).isEqualTo(whole);
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void splittingRowsDoesNotShow(TensorType type) {
    int rows = 200;
    int cols = 512;
    Matrix matrix = packed(tensor(type, rows, cols, 5));
    Activations x = quantized(1, cols, 6);
    float[] whole = new float[rows];
    float[] parts = new float[rows];
    matrix.multiply(x, 1, 0, rows, whole, 0, rows);
    int step = matrix.rowStep();
    for (int row = 0; row < rows; row += 3 * step) {
      matrix.multiply(x, 1, row, Math.min(rows, row + 3 * step), parts, 0, rows);
    }
    assertThat(parts).isEqualTo(whole);
  }

  @ParameterizedTest
  @FieldSource("ENCODABLE_TYPES")
  void tinyScalesKeepTheirPrecision(TensorType type) {
    int cols = 256;
    float[] values = TestTensors.floats(cols, 9);
    for (int i = 0; i < cols; i++) {
      values[i] *= 2e-5f;
    }
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(cols));
    type.codec().encode(values, 0, cols, data, 0);
    Tensor tensor = new Tensor("tiny", type, new long[] {1, cols}, data);
    Activations x = quantized(1, cols, 6);
    float[] y = new float[1];
    packed(tensor).multiply(x, 1, 0, 1, y, 0, 1);
    double expected = sums(tensor, int8(x, 0))[0];
    assertThat((double) y[0]).isCloseTo(expected, within(1e-4 * Math.abs(expected) + 1e-12));
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void scalesThatAreNotFiniteStayInTheirOwnLayout(TensorType type) {
    Tensor tensor = tensor(type, 3, 256, 1);
    int scale = type == TensorType.Q6_K ? 208 : 0;
    tensor.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, scale, (short) 0x7c00);
    PackedTensor layout = PROVIDER.packed(tensor).orElseThrow();
    assertThat(layout.survey(0, layout.parts())).isFalse();
    try (ThreadTeam team = new ThreadTeam(2);
        PackingProvider packing = new PackingProvider(PROVIDER, team)) {
      assertThat(packing.dense(tensor)).isInstanceOf(RowMatrix.class);
      assertThat(packing.packedBytes()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void copiesOfPlainNumbersMultiplyAsTheyDo(TensorType type) {
    int rows = 37;
    int cols = 300;
    Tensor tensor = tensor(type, rows, cols, 5);
    for (int tokens : new int[] {1, 7}) {
      Activations x = quantized(tokens, cols, 6);
      float[] own = new float[tokens * rows];
      float[] copy = new float[tokens * rows];
      PROVIDER.matrix(tensor).multiply(x, tokens, 0, rows, own, 0, rows);
      Matrix copied = packed(tensor);
      tensor.data().fill((byte) 0);
      copied.multiply(x, tokens, 0, rows, copy, 0, rows);
      assertThat(copy).isEqualTo(own);
      tensor = tensor(type, rows, cols, 5);
    }
  }

  @Test
  void halvesThatAreNoNumbersAreNotCopied() {
    for (short special : new short[] {0x7c00, (short) 0xfc00, 0x7e00}) {
      for (int at : new int[] {0, 31, 299, 300 * 37 - 1}) {
        Tensor tensor = tensor(TensorType.F16, 37, 300, 5);
        tensor.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * at, special);
        PackedTensor layout = PROVIDER.packed(tensor).orElseThrow();
        assertThat(layout.survey(0, layout.parts())).isFalse();
      }
    }
  }

  /** Products that would overflow on the way, and tiny ones, are those of the tensor itself. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e-30f, 1e-20f, 1e9f, 1e30f, Float.POSITIVE_INFINITY, Float.NaN})
  void copiedHalvesMultiplyAnyInput(float size) {
    int rows = 11;
    int cols = 300;
    Tensor tensor = tensor(TensorType.F16, rows, cols, 5);
    Activations x = quantized(1, cols, 6);
    x.values()[7] = size;
    float[] own = new float[rows];
    float[] copy = new float[rows];
    PROVIDER.matrix(tensor).multiply(x, 1, 0, rows, own, 0, rows);
    packed(tensor).multiply(x, 1, 0, rows, copy, 0, rows);
    assertThat(copy).isEqualTo(own);
    for (int i = 0; i < cols; i++) {
      x.values()[i] *= Float.isFinite(size) ? size : 1;
    }
    PROVIDER.matrix(tensor).multiply(x, 1, 0, rows, own, 0, rows);
    packed(tensor).multiply(x, 1, 0, rows, copy, 0, rows);
    assertThat(copy).isEqualTo(own);
  }

  private static Matrix packed(Tensor tensor) {
    PackedTensor layout = PROVIDER.packed(tensor).orElseThrow();
    MemorySegment copy = Arena.ofAuto().allocate(layout.byteSize(), 64);
    for (int part = 0; part < layout.parts(); part++) {
      assertThat(layout.survey(part, part + 1)).isTrue();
    }
    for (int part = 0; part < layout.parts(); part++) {
      layout.pack(copy, part, part + 1);
    }
    return layout.matrix(copy);
  }

  private static Activations quantized(int tokens, int cols, long seed) {
    Activations x = activations(tokens, cols, seed);
    new ScalarKernelProvider().floats().quantize(x, 0, tokens);
    return x;
  }

  private static float[] int8(Activations x, int token) {
    float[] values = new float[x.cols()];
    for (int c = 0; c < values.length; c++) {
      int block = token * x.blocks() + c / Activations.BLOCK;
      values[c] = x.scales()[block] * x.quants()[block * Activations.BLOCK + c % Activations.BLOCK];
    }
    return values;
  }

  private static double[] sums(Tensor tensor, float[] x) {
    return sums(tensor.toFloats(), x);
  }

  private static double[] sums(float[] weights, float[] x) {
    double[] sums = new double[weights.length / x.length];
    for (int r = 0; r < sums.length; r++) {
      for (int c = 0; c < x.length; c++) {
        sums[r] += (double) weights[r * x.length + c] * x[c];
      }
    }
    return sums;
  }
}
