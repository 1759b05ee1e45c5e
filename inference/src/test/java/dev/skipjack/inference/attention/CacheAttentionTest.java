package dev.skipjack.inference.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiled attention against the definition of attention in double. */
class CacheAttentionTest {
  private static final KernelProvider VECTOR = KernelProviders.create("vector");
  private static final double EXACT = 2e-6;

  /** Grouped, multi-query, multi-head, latent widths; windows and caps; odd lengths. */
  static final TestHeads[] SHAPES = {
    new TestHeads(8, 2, 64, 64, 0, 0),
    new TestHeads(6, 2, 80, 80, 0, 0),
    new TestHeads(3, 3, 96, 96, 0, 0),
    new TestHeads(7, 1, 128, 128, 0, 0),
    new TestHeads(2, 2, 192, 128, 0, 0),
    new TestHeads(4, 2, 256, 256, 0, 30),
    new TestHeads(4, 2, 20, 12, 0, 2),
    new TestHeads(4, 2, 64, 64, 1, 0),
    new TestHeads(4, 2, 64, 64, 33, 0),
    new TestHeads(4, 1, 64, 64, 100, 5),
    new TestHeads(70, 1, 16, 7, 64, 0),
    new TestHeads(8, 8, 32, 32, 0, 0),
  };

  static Stream<Arguments> shapesAndBatches() {
    return Arrays.stream(SHAPES)
        .flatMap(
            shape ->
                Stream.of(
                    // length of the text, tokens in the batch
                    Arguments.of(shape, 1, 1),
                    Arguments.of(shape, 63, 1),
                    Arguments.of(shape, 65, 2),
                    Arguments.of(shape, 300, 4),
                    Arguments.of(shape, 700, 1),
                    Arguments.of(shape, 5, 5),
                    Arguments.of(shape, 150, 150),
                    Arguments.of(shape, 330, 70)));
  }

  @ParameterizedTest
  @MethodSource("shapesAndBatches")
  void agreesWithTheDefinition(TestHeads shape, int length, int count) {
    AttentionRun run = new AttentionRun(shape, length);
    double[] expected = run.expected(count);
    assertThat(largestDifference(run.attend(VECTOR, TensorType.F32, count, 2), expected))
        .isLessThan(EXACT);
    assertThat(
            largestDifference(
                run.attend(KernelProviders.create("scalar"), TensorType.F32, count, 1), expected))
        .isLessThan(EXACT);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "Q8_0"})
  void roundedCachesComeClose(TensorType type) {
    double tolerance = type == TensorType.F16 ? 1e-3 : 2e-2;
    for (TestHeads shape : SHAPES) {
      AttentionRun run = new AttentionRun(shape, 200);
      double[] expected = run.expected(40);
      double difference = largestDifference(run.attend(VECTOR, type, 40, 2), expected);
      assertThat(difference).as("%s", shape).isLessThan(tolerance).isGreaterThan(EXACT);
    }
  }

  /** Head by head or all at once, the int8 form is that of the values. */
  @ParameterizedTest
  @FieldSource("SHAPES")
  void quantisesWhatItAttendsTo(TestHeads shape) {
    AttentionRun run = new AttentionRun(shape, 700);
    for (int count : new int[] {1, 3, 40}) {
      Activations found = run.activations(VECTOR, TensorType.F32, count, 2, true);
      assertThat(found.version(count - 1)).isPositive();
      short[] quants = found.quants().clone();
      float[] scales = found.scales().clone();
      short[] sums = found.sums().clone();
      VECTOR.floats().quantize(found, 0, count);
      assertThat(quants).isEqualTo(found.quants());
      assertThat(scales).isEqualTo(found.scales());
      assertThat(sums).isEqualTo(found.sums());
    }
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void theNumberOfWorkersDoesNotShow(TestHeads shape) {
    AttentionRun run = new AttentionRun(shape, 1100);
    for (int count : new int[] {1, 3, 90}) {
      float[] one = run.attend(VECTOR, TensorType.F16, count, 1);
      for (int workers : new int[] {3, 16}) {
        assertThat(run.attend(VECTOR, TensorType.F16, count, workers)).containsExactly(one);
      }
    }
  }

  /** Queries must not even multiply by zero what comes after them or left their window. */
  @ParameterizedTest
  @FieldSource("SHAPES")
  void whatAQueryDoesNotSeeCannotReachIt(TestHeads shape) {
    int length = 150;
    int poisoned = 70;
    AttentionRun run = new AttentionRun(shape, length);
    float[] clean = run.attend(VECTOR, TensorType.F32, length, 2);
    int valueRow = shape.kvHeads() * shape.valueLength();
    int keyRow = shape.kvHeads() * shape.keyLength();
    Arrays.fill(run.values, poisoned * valueRow, (poisoned + 1) * valueRow, Float.NaN);
    Arrays.fill(run.keys, poisoned * keyRow, (poisoned + 1) * keyRow, Float.POSITIVE_INFINITY);
    float[] actual = run.attend(VECTOR, TensorType.F32, length, 2);
    int row = shape.heads() * shape.valueLength();
    int seenUntil = shape.window() == 0 ? length : Math.min(length, poisoned + shape.window());
    for (int t = 0; t < length; t++) {
      float[] token = Arrays.copyOfRange(actual, t * row, (t + 1) * row);
      if (t >= poisoned && t < seenUntil) {
        assertThat(token).as("token %d", t).containsOnly(Float.NaN);
      } else {
        assertThat(token)
            .as("token %d", t)
            .containsExactly(Arrays.copyOfRange(clean, t * row, (t + 1) * row));
      }
    }
  }

  /** Numbers beyond a type's range are infinite, however many rows see them. */
  @ParameterizedTest
  @FieldSource("SHAPES")
  void infiniteHalvesStayInfinite(TestHeads shape) {
    for (int count : new int[] {1, 2, 40}) {
      AttentionRun run = new AttentionRun(shape, 200);
      int valueRow = shape.kvHeads() * shape.valueLength();
      for (int position = 160; position < 200; position++) {
        Arrays.fill(run.values, position * valueRow, (position + 1) * valueRow, 1e6f);
      }
      assertThat(run.attend(VECTOR, TensorType.F16, count, 2))
          .containsOnly(Float.POSITIVE_INFINITY);
    }
  }

  /** A token is the same alone, from the cache as it is, and in a prompt, from loaded tiles. */
  @ParameterizedTest
  @FieldSource("SHAPES")
  void aTokenAloneIsTheSameAsInAPrompt(TestHeads shape) {
    AttentionRun run = new AttentionRun(shape, 250);
    float[] prompt = run.attend(VECTOR, TensorType.F16, 100, 1);
    float[] alone = run.attend(VECTOR, TensorType.F16, 1, 1);
    assertThat(alone)
        .containsExactly(Arrays.copyOfRange(prompt, prompt.length - alone.length, prompt.length));
  }

  private static double largestDifference(float[] actual, double[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      largest = difference > largest || Double.isNaN(difference) ? difference : largest;
    }
    return largest;
  }
}
