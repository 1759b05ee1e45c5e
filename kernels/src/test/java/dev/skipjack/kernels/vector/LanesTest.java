package dev.skipjack.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.tensor.LittleEndian;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanesTest {
  private static final int PATTERNS = 1 << 16;

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everySixteenBitPatternWidensExactly(TensorType type) {
    MemorySegment patterns = Arena.ofAuto().allocate(2L * PATTERNS + 1).asSlice(1);
    for (int i = 0; i < PATTERNS; i++) {
      patterns.set(LittleEndian.SHORT, 2L * i, (short) i);
    }
    float[] expected = new float[PATTERNS];
    float[] actual = new float[PATTERNS];
    type.codec().decode(patterns, 0, expected, 0, PATTERNS);
    new VectorKernelProvider()
        .matrix(new Tensor("patterns", type, new long[] {1, PATTERNS}, patterns))
        .row(0, actual, 0);
    assertThat(actual).containsExactly(expected);
  }

  @Test
  void everyHalfWidensExactly() {
    MemorySegment patterns = Arena.ofAuto().allocate(2L * PATTERNS);
    for (int i = 0; i < PATTERNS; i++) {
      patterns.set(LittleEndian.SHORT, 2L * i, (short) i);
    }
    for (int i = 0; i < PATTERNS; i += Species.LANES) {
      float[] floats = Lanes.halves(patterns, 2L * i).toArray();
      for (int lane = 0; lane < Species.LANES; lane++) {
        // To the bit but for NaN, so that the sign of zero counts.
        assertThat(Float.floatToIntBits(floats[lane]))
            .isEqualTo(Float.floatToIntBits(Float.float16ToFloat((short) (i + lane))));
      }
    }
  }

  @Test
  void everyByteWidensSignedAndUnsigned() {
    MemorySegment bytes = Arena.ofAuto().allocate(256);
    for (int i = 0; i < 256; i++) {
      bytes.set(JAVA_BYTE, i, (byte) i);
    }
    for (int i = 0; i < 256; i += Species.LANES) {
      float[] signed = Lanes.bytes(bytes, i).toArray();
      int[] unsigned = Lanes.unsignedBytes(bytes, i).toIntArray();
      for (int lane = 0; lane < Species.LANES; lane++) {
        assertThat(signed[lane]).isEqualTo((byte) (i + lane));
        assertThat(unsigned[lane]).isEqualTo(i + lane);
      }
    }
  }

  @Test
  void theSumCoversEveryLaneOnce() {
    float[] powers = new float[Species.LANES];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = 1 << i;
    }
    float sum = Lanes.sum(FloatVector.fromArray(Species.FLOATS, powers, 0));
    assertThat(sum).isEqualTo((1 << powers.length) - 1);
  }
}
