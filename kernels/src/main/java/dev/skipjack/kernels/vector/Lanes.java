package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTES;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** Loads that widen to floats, and the sum of a vector. */
final class Lanes {
  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_1 = swap(1);

  private static final IntVector TO_TOP =
      IntVector.broadcast(INTS, 24).sub(IntVector.zero(INTS).addIndex(8));
  private static final int HALF_EXPONENT_BITS = 0x0f800000;
  private static final int HALF_SMALLEST_NORMAL = 0x00800000;
  private static final int REBIAS = 127 - 15 << 23;

  private Lanes() {}

  static FloatVector zero() {
    return FloatVector.zero(FLOATS);
  }

  static FloatVector load(float[] x, int offset) {
    return FloatVector.fromArray(FLOATS, x, offset);
  }

  static FloatVector floats(MemorySegment source, long offset) {
    return FloatVector.fromMemorySegment(FLOATS, source, offset, LITTLE_ENDIAN);
  }

  /** bfloat16 is the upper half of a float. */
  static FloatVector bfloats(MemorySegment source, long offset) {
    return shorts(source, offset).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /**
   * IEEE 754 binary16, every value exactly. Shifted into a float's place and rebiased, normal
   * numbers are right; infinities and NaN need the rebias once more; a subnormal {@code m 2^-24} is
   * what remains of {@code 2^-14 + m 2^-24} after subtracting {@code 2^-14}. Multiplying by a power
   * of two instead would feed subnormal floats to the multiplier, which is slow on some processors.
   */
  static FloatVector halves(MemorySegment source, long offset) {
    IntVector shifted = shorts(source, offset).lanewise(VectorOperators.LSHL, 13);
    IntVector magnitude = shifted.and(0x0fffe000);
    IntVector normal = magnitude.add(REBIAS);
    IntVector finiteOrNot =
        normal.add(REBIAS, magnitude.compare(VectorOperators.GE, HALF_EXPONENT_BITS));
    IntVector subnormal =
        normal.add(HALF_SMALLEST_NORMAL).reinterpretAsFloats().sub(0x1p-14f).reinterpretAsInts();
    return finiteOrNot
        .blend(subnormal, magnitude.compare(VectorOperators.LT, HALF_SMALLEST_NORMAL))
        .or(shifted.and(Integer.MIN_VALUE))
        .reinterpretAsFloats();
  }

  /** A vector of floats from as many signed bytes. */
  static FloatVector bytes(MemorySegment source, long offset) {
    if (LANES < BYTES.length()) {
      IntVector spread = spread(source, offset).lanewise(VectorOperators.ASHR, 24);
      return (FloatVector) spread.convert(VectorOperators.I2F, 0);
    }
    return (FloatVector) byteVector(source, offset).convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  /** A vector of ints from as many unsigned bytes. */
  static IntVector unsignedBytes(MemorySegment source, long offset) {
    if (LANES < BYTES.length()) {
      return spread(source, offset).lanewise(VectorOperators.LSHR, 24);
    }
    return (IntVector)
        byteVector(source, offset).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  /** A block scale. */
  static float half(MemorySegment source, long offset) {
    return Float.float16ToFloat(source.get(LittleEndian.SHORT, offset));
  }

  /**
   * The sum of all lanes as a fixed tree: halves onto each other. {@code reduceLanes} leaves the
   * order open, and interpreter and compiler do choose differently.
   */
  static float sum(FloatVector v) {
    if (LANES >= 16) {
      v = v.add(v.rearrange(SWAP_8));
    }
    if (LANES >= 8) {
      v = v.add(v.rearrange(SWAP_4));
    }
    v = v.add(v.rearrange(SWAP_2));
    v = v.add(v.rearrange(SWAP_1));
    return v.lane(0);
  }

  private static IntVector shorts(MemorySegment source, long offset) {
    return (IntVector)
        ShortVector.fromMemorySegment(SHORTS, source, offset, LITTLE_ENDIAN)
            .convertShape(VectorOperators.S2I, INTS, 0);
  }

  private static ByteVector byteVector(MemorySegment source, long offset) {
    return ByteVector.fromMemorySegment(BYTES, source, offset, LITTLE_ENDIAN);
  }

  /** Four bytes, each at the top of an int: there is no vector of only four bytes to load. */
  private static IntVector spread(MemorySegment source, long offset) {
    int four = source.get(LittleEndian.INT, offset);
    return IntVector.broadcast(INTS, four).lanewise(VectorOperators.LSHL, TO_TOP);
  }

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) % LANES);
  }
}
