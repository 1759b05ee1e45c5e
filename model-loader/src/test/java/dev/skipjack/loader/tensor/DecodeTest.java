package dev.skipjack.loader.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class DecodeTest {
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"Q1_0", "Q2_0"})
  void agreesWithTheOtherImplementationBitForBit(TensorType type) {
    float[] expected = Vectors.floats("decode/" + type + ".f32");

    float[] decoded = Vectors.decode(type, Vectors.bytes("decode/" + type + ".bin"));

    assertThat(Vectors.bits(decoded)).isEqualTo(Vectors.bits(expected));
  }

  @Test
  void q1HoldsSignsLowestBitFirst() {
    byte[] block = new byte[18];
    block[1] = 0x40; // d = 2
    block[2] = 0b0000_0101;
    block[17] = (byte) 0x80;

    float[] decoded = Vectors.decode(TensorType.Q1_0, block);

    float[] expected = new float[128];
    Arrays.fill(expected, -2);
    expected[0] = expected[2] = expected[127] = 2;
    assertThat(decoded).containsExactly(expected);
  }

  @Test
  void q2HoldsTwoBitsLowestFirst() {
    byte[] block = new byte[18];
    block[1] = 0x40; // d = 2
    block[2] = (byte) 0b11_10_01_00;
    block[17] = (byte) 0b11_00_00_00;

    float[] decoded = Vectors.decode(TensorType.Q2_0, block);

    assertThat(decoded).hasSize(64).startsWith(-2, 0, 2, 4, -2).endsWith(-2, -2, 4);
  }

  /** Every scale and every level by the formulas of the formats E4M3 and E2M1. */
  @Test
  void nvfp4HoldsFourGroupsWithScalesOfTheirOwn() {
    float[] levels = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, 0, -0.5f, -1, -1.5f, -2, -3, -4, -6};
    for (int code = 0; code < 0x7f; code++) {
      byte[] block = new byte[36];
      int group = code % 4;
      block[group] = (byte) code;
      for (int j = 0; j < 8; j++) {
        block[4 + 8 * group + j] = (byte) (j | 15 - j << 4);
      }

      float[] decoded = Vectors.decode(TensorType.NVFP4, block);

      int exponent = code >> 3;
      double scale =
          exponent == 0 ? code / 512.0 : (1 + code % 8 / 8.0) * Math.pow(2, exponent - 7);
      float[] expected = new float[64];
      for (int j = 0; j < 8; j++) {
        expected[16 * group + j] = (float) (scale * levels[j]);
        expected[16 * group + 8 + j] = (float) (scale * levels[15 - j]);
      }
      assertThat(decoded).as("scale %02x", code).containsExactly(expected);
    }
    byte[] noNumber = new byte[36];
    noNumber[0] = 0x7f;
    noNumber[4] = 0x77;
    assertThat(Vectors.decode(TensorType.NVFP4, noNumber)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void decodesAnyRunOfBlocksAtAnyOffset(TensorType type) {
    byte[] blocks = new byte[5 * type.blockBytes()];
    new Random(3).nextBytes(blocks);
    float[] all = Vectors.decode(type, blocks);
    int shift = 7;
    int room = 3;
    MemorySegment source = Vectors.shifted(blocks, shift);
    float[] target = new float[room + 2 * type.blockLength() + room];
    Arrays.fill(target, 99);

    long offset = shift + 2L * type.blockBytes();
    type.codec().decode(source, offset, target, room, 2 * type.blockLength());

    float[] expected = new float[target.length];
    Arrays.fill(expected, 99);
    System.arraycopy(all, 2 * type.blockLength(), expected, room, 2 * type.blockLength());
    assertThat(Vectors.bits(target)).isEqualTo(Vectors.bits(expected));
  }

  @ParameterizedTest
  @EnumSource
  void refusesRangesOutsideSourceOrTarget(TensorType type) {
    BlockCodec codec = type.codec();
    int length = type.blockLength();
    MemorySegment two = MemorySegment.ofArray(new byte[2 * type.blockBytes()]);

    assertOutOfBounds(() -> codec.decode(two, 0, new float[3 * length], 0, 3 * length));
    assertOutOfBounds(() -> codec.decode(two, 1, new float[2 * length], 0, 2 * length));
    assertOutOfBounds(() -> codec.decode(two, -1, new float[length], 0, length));
    assertOutOfBounds(() -> codec.decode(two, 0, new float[2 * length - 1], 0, 2 * length));
    assertOutOfBounds(() -> codec.decode(two, 0, new float[2 * length], 1, 2 * length));
    assertOutOfBounds(() -> codec.decode(two, 0, new float[length], -1, length));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = "(Q|IQ|TQ|MX|NV).*")
  void refusesPartsOfBlocks(TensorType type) {
    int count = type.blockLength() + 1;
    MemorySegment two = MemorySegment.ofArray(new byte[2 * type.blockBytes()]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> type.codec().decode(two, 0, new float[count], 0, count))
        .withMessageContaining("blocks of " + type.blockLength());
  }

  private static void assertOutOfBounds(Runnable call) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call::run);
  }
}
