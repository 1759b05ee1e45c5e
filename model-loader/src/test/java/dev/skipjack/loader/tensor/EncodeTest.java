package dev.skipjack.loader.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EncodeTest {
  static Stream<TensorType> encodingTypes() {
    return Arrays.stream(TensorType.values()).filter(type -> type.codec().encodes());
  }

  static Stream<TensorType> decodingTypes() {
    return Arrays.stream(TensorType.values()).filter(type -> !type.codec().encodes());
  }

  @Test
  void encodesTheTypesThatConversionWrites() {
    assertThat(encodingTypes())
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.of(
                TensorType.F32,
                TensorType.F16,
                TensorType.BF16,
                TensorType.Q8_0,
                TensorType.Q4_0,
                TensorType.Q4_1,
                TensorType.Q5_0,
                TensorType.Q5_1,
                TensorType.Q4_K,
                TensorType.Q6_K));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"})
  void writesTheBytesOfTheOtherImplementation(TensorType type) {
    byte[] blocks = Vectors.encode(type, Vectors.floats("encode/input.f32"));

    assertThat(blocks).isEqualTo(Vectors.bytes("encode/" + type + ".bin"));
  }

  @Test
  void q8RoundsHalvesAwayFromZero() {
    float[] block = new float[32];
    block[0] = 127; // one step is 1
    block[1] = 2.5f;
    block[2] = -2.5f;
    block[3] = -0.5f;
    block[4] = 0.49999997f;

    float[] decoded = Vectors.roundTrip(TensorType.Q8_0, block);

    assertThat(decoded).startsWith(127, 3, -3, -1, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void floatTypesKeepInfinitiesNansAndSignedZeros(TensorType type) {
    // The last NaN has its payload only in bits that the 16-bit formats drop.
    float[] special = {
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      0f,
      -0f,
      Float.NaN,
      Float.intBitsToFloat(0x7f800001)
    };

    assertThat(Vectors.bits(Vectors.roundTrip(type, special))).isEqualTo(Vectors.bits(special));
  }

  @ParameterizedTest
  @MethodSource("encodingTypes")
  void encodesAnyRunOfBlocksToAnyOffset(TensorType type) {
    int length = type.blockLength();
    float[] values = gaussian(4 * length);
    byte[] all = Vectors.encode(type, values);
    int shift = 5;
    byte[] target = new byte[shift + 2 * type.blockBytes() + shift];
    Arrays.fill(target, (byte) 0x55);

    type.codec().encode(values, length, 2 * length, MemorySegment.ofArray(target), shift);

    byte[] expected = new byte[target.length];
    Arrays.fill(expected, (byte) 0x55);
    System.arraycopy(all, type.blockBytes(), expected, shift, 2 * type.blockBytes());
    assertThat(target).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("encodingTypes")
  void refusesRangesOutsideSourceOrTarget(TensorType type) {
    BlockCodec codec = type.codec();
    int length = type.blockLength();
    MemorySegment one = MemorySegment.ofArray(new byte[type.blockBytes()]);

    assertOutOfBounds(() -> codec.encode(new float[2 * length], 0, 2 * length, one, 0));
    assertOutOfBounds(() -> codec.encode(new float[length], 0, length, one, 1));
    assertOutOfBounds(() -> codec.encode(new float[length], 0, length, one, -1));
    assertOutOfBounds(() -> codec.encode(new float[length - 1], 0, length, one, 0));
    assertOutOfBounds(() -> codec.encode(new float[length], 1, length, one, 0));
  }

  @ParameterizedTest
  @MethodSource("decodingTypes")
  void saysThatATypeOnlyDecodes(TensorType type) {
    float[] values = new float[type.blockLength()];
    MemorySegment block = MemorySegment.ofArray(new byte[type.blockBytes()]);

    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> type.codec().encode(values, 0, values.length, block, 0))
        .withMessageEndingWith("decodes only");
  }

  @Test
  void refusesPartsOfBlocks() {
    MemorySegment block = MemorySegment.ofArray(new byte[34]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TensorType.Q8_0.codec().encode(new float[31], 0, 31, block, 0))
        .withMessageContaining("blocks of 32");
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_K", "Q6_K"})
  void packsEveryLevelAndScaleOfItsOwnDecoder(TensorType type) {
    // Values on the lattice of valid blocks come back but for what another scale search may find.
    float[] lattice = Vectors.floats("decode/" + type + ".f32");

    float[] again = Vectors.roundTrip(type, lattice);

    assertThat(Errors.relative(lattice, again)).isLessThan(0.02);
  }

  @Test
  void staleBytesOfAReusedBufferDoNotShineThrough() {
    byte[] stale = new byte[TensorType.Q6_K.blockBytes()];
    Arrays.fill(stale, (byte) 0xff);
    float[] values = gaussian(256);

    TensorType.Q6_K.codec().encode(values, 0, 256, MemorySegment.ofArray(stale), 0);

    assertThat(stale).isEqualTo(Vectors.encode(TensorType.Q6_K, values));
  }

  @Test
  void nativeSegmentsAreNoDifferent() {
    float[] values = gaussian(256);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(145, 1);
      TensorType.Q4_K.codec().encode(values, 0, 256, target, 1);

      assertThat(target.asSlice(1).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(Vectors.encode(TensorType.Q4_K, values));
    }
  }

  private static float[] gaussian(int count) {
    Random random = new Random(11);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertOutOfBounds(Runnable call) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call::run);
  }
}
