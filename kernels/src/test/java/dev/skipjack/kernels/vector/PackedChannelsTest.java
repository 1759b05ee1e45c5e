package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.PackedChannels;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.kernels.scalar.ScalarKernelProvider;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Channels against plain sums over decoded weights, with the int8 blocks that the scalar quantiser
 * makes of the masked input.
 */
class PackedChannelsTest {
  private static final KernelProvider PROVIDER = new VectorKernelProvider();

  static final List<TensorType> TYPES =
      TestTensors.encodableTypes().stream()
          .filter(type -> 512 % type.blockLength() == 0)
          .filter(type -> PROVIDER.packedChannels(tensor(type, 128, 512, 1)).isPresent())
          .toList();

  /** Steps of every vector width, odd numbers of them, and more than are summed together. */
  private static final int[] OUTPUTS = {128, 384, 640, 16384 + 128};

  /** Whole chunks of blocks and not, and a single block. */
  private static final int[] INPUTS = {32, 96, 256, 288};

  private static final double[] DENSITIES = {0, 0.03, 0.3, 0.7, 1};

  @ParameterizedTest
  @FieldSource("TYPES")
  void productsAreThoseOfTheMaskedInput(TensorType type) {
    for (int outputs : OUTPUTS) {
      for (int inputs : INPUTS) {
        Tensor tensor = tensor(type, outputs, inputs, outputs + inputs);
        Channels channels = pack(tensor);
        assertThat(channels.outputs()).isEqualTo(outputs);
        assertThat(channels.inputs()).isEqualTo(inputs);
        for (double density : DENSITIES) {
          Kept kept = Kept.of(inputs, density, 7);
          float[] y = multiply(channels, kept);
          double[] expected = product(tensor, kept);
          for (int o = 0; o < outputs; o++) {
            assertThat((double) y[o])
                .as("%s %d x %d, density %s, output %d", type, outputs, inputs, density, o)
                .isCloseTo(expected[o], within(1e-5 * inputs));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void partsOfTheListAddUpAndRangesOfOutputsDoNotShow(TensorType type) {
    Tensor tensor = tensor(type, 384, 288, 3);
    Channels channels = pack(tensor);
    for (double density : DENSITIES) {
      Kept kept = Kept.of(288, density, 9);
      double[] expected = product(tensor, kept);
      for (int parts : new int[] {1, 2, 4, 20}) {
        double[] sum = new double[384];
        for (int part = 0; part < parts; part++) {
          int first = kept.cut(channels, part, parts);
          int last = kept.cut(channels, part + 1, parts);
          float[] whole = new float[384];
          float[] pieces = new float[384];
          Arrays.fill(pieces, Float.NaN);
          kept.multiply(channels, first, last, 0, 384, whole);
          for (int o = 0; o < 384; o += channels.step()) {
            kept.multiply(channels, first, last, o, o + channels.step(), pieces);
          }
          assertThat(pieces).isEqualTo(whole);
          Arrays.setAll(sum, o -> sum[o] + whole[o]);
        }
        for (int o = 0; o < 384; o++) {
          assertThat(sum[o]).isCloseTo(expected[o], within(1e-3));
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void cutsListsWhereBlocksBegin(TensorType type) {
    Channels channels = pack(tensor(type, 128, 96, 1));
    int[] list = {3, 31, 32, 40, 63, 90, -1};
    int[] cuts = {0, 2, 2, 5, 5, 5, 6};
    for (int place = 0; place < cuts.length; place++) {
      assertThat(channels.cut(list, 6, place)).as("from %d on", place).isEqualTo(cuts[place]);
    }
    assertThat(channels.cut(list, 0, 0)).isZero();
    assertThatThrownBy(() -> channels.cut(list, 6, 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** The sums that come nearest to what 16 bits hold: all weights and all inputs extreme. */
  @Test
  void theLargestSums() {
    for (int quant : new int[] {-8, 7}) {
      byte nibbles = (byte) (quant + 8 | quant + 8 << 4);
      assertExtreme(TensorType.Q4_0, nibbles, quant);
    }
    for (int quant : new int[] {-128, -127, 127}) {
      assertExtreme(TensorType.Q8_0, (byte) quant, quant);
    }
  }

  private static void assertExtreme(TensorType type, byte content, int weight) {
    int outputs = 128;
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(outputs * 32L));
    for (long block = 0; block < data.byteSize(); block += type.blockBytes()) {
      data.asSlice(block, type.blockBytes()).fill(content);
      data.set(ValueLayout.JAVA_SHORT_UNALIGNED, block, Float.floatToFloat16(1));
    }
    Channels channels = pack(new Tensor("extreme", type, new long[] {outputs, 32}, data));
    for (float value : new float[] {1, -1}) {
      Kept kept = Kept.of(32, 1, 1);
      Arrays.fill(kept.values, value);
      for (float y : multiply(channels, kept)) {
        assertThat(y).isCloseTo(32 * weight * value, within(1e-3f * Math.abs(weight)));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void anInputThatIsNoNumberIsSeen(TensorType type) {
    Kept kept = Kept.of(96, 0.5, 1);
    kept.values[kept.values.length / 2] = Float.NaN;
    for (float value : multiply(pack(tensor(type, 128, 96, 1)), kept)) {
      assertThat(value).isNaN();
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void largeInputsAndTinyScalesKeepTheirPrecision(TensorType type) {
    float[] values = TestTensors.floats(128 * 32, 9);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 2e-5f;
    }
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(values.length));
    type.codec().encode(values, 0, values.length, data, 0);
    Tensor tensor = new Tensor("tiny", type, new long[] {128, 32}, data);
    float[] decoded = tensor.toFloats();
    Kept kept = new Kept(new int[] {5}, new float[] {1e7f}, 32);
    float[] y = multiply(pack(tensor), kept);
    for (int o = 0; o < 128; o++) {
      assertThat((double) y[o]).isCloseTo(1e7 * decoded[o * 32 + 5], within(1e-3));
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void readsTheScalesOfEveryBlockItTouches(TensorType type) {
    Tensor tensor = tensor(type, 128, 96, 1);
    Channels channels = pack(tensor);
    int weights = type == TensorType.Q4_0 ? 64 : 128;
    assertThat(channels.byteSize()).isEqualTo(tensor.byteSize());
    assertThat(channels.bytes(new int[0], 0)).isZero();
    assertThat(channels.bytes(new int[] {3, 4, 31}, 3)).isEqualTo(256 + 3L * weights);
    assertThat(channels.bytes(new int[] {3, 32, 95}, 3)).isEqualTo(3L * 256 + 3L * weights);
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void refusesWhatItCannotHold(TensorType type) {
    // No whole number of steps, whatever the width of vectors.
    assertThat(PROVIDER.packedChannels(tensor(type, 48 + 1, 96, 1))).isEmpty();
    Tensor infinite = tensor(type, 128, 96, 1);
    infinite.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) 0x7c00);
    PackedChannels layout = PROVIDER.packedChannels(infinite).orElseThrow();
    assertThat(layout.survey(0, 1)).isFalse();
    assertThat(layout.survey(1, layout.parts())).isTrue();
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void checksWhatItIsAsked(TensorType type) {
    Channels channels = pack(tensor(type, 256, 96, 1));
    float[] y = new float[256];
    float[] values = new float[2];
    assertThatThrownBy(() -> channels.multiply(values, new int[] {5, 5}, 0, 2, 0, 256, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found input 5 after 5, expected them ascending and below 96");
    assertThatThrownBy(() -> channels.multiply(values, new int[] {5, 96}, 0, 2, 0, 256, y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channels.multiply(values, new int[] {5, 6}, 0, 2, 8, 256, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are not cut at multiples of " + channels.step());
  }

  static Channels pack(Tensor tensor) {
    PackedChannels layout = PROVIDER.packedChannels(tensor).orElseThrow();
    MemorySegment copy = Arena.ofAuto().allocate(layout.byteSize(), 64);
    IntStream.range(0, layout.parts()).forEach(part -> layout.survey(part, part + 1));
    int middle = layout.parts() / 2;
    layout.pack(copy, middle, layout.parts());
    layout.pack(copy, 0, middle);
    return layout.over(copy);
  }

  static float[] multiply(Channels channels, Kept kept) {
    float[] y = new float[channels.outputs()];
    kept.multiply(channels, 0, kept.list.length, 0, channels.outputs(), y);
    return y;
  }

  /** Inputs of one token. */
  record Kept(int[] list, float[] values, int inputs) {
    static Kept of(int inputs, double density, int seed) {
      Random random = new Random(seed);
      int[] list = IntStream.range(0, inputs).filter(j -> random.nextDouble() < density).toArray();
      return new Kept(list, TestTensors.floats(list.length, seed), inputs);
    }

    int cut(Channels channels, int part, int parts) {
      return channels.cut(list, list.length, list.length * part / parts);
    }

    void multiply(Channels channels, int first, int last, int from, int to, float[] y) {
      channels.multiply(values, list, first, last, from, to, y);
    }
  }

  private static double[] product(Tensor tensor, Kept kept) {
    Activations x = new Activations(1, kept.inputs);
    for (int i = 0; i < kept.list.length; i++) {
      x.values()[kept.list[i]] = kept.values[i];
    }
    new ScalarKernelProvider().floats().quantize(x, 0, 1);
    float[] weights = tensor.toFloats();
    double[] y = new double[tensor.rows()];
    for (int o = 0; o < y.length; o++) {
      for (int j : kept.list) {
        double input = (double) x.quants()[j] * x.scales()[j / Activations.BLOCK];
        y[o] += input * weights[o * kept.inputs + j];
      }
    }
    return y;
  }
}
