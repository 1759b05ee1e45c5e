package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTES;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** Loads that widen to floats, and the sum of a vector. */
final class Lanes {
  private static final MemorySegment ANY_SEGMENT = MemorySegment.ofArray(new byte[1]);
  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_1 = swap(1);

  private static final int FLOAT_EXPONENT = 0x7f800000;

  /** What the exponent of infinite and NaN halves would be worth as a number. */
  private static final float HALF_OVERFLOW = 0x1p16f;

  private Lanes() {}

  static FloatVector zero() {
    return FloatVector.zero(FLOATS);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  static FloatVector load(float[] x, int offset) {
    return FloatVector.fromArray(FLOATS, x, offset);
  }

  static FloatVector floats(MemorySegment source, long offset) {
    expectFaults();
    return FloatVector.fromMemorySegment(FLOATS, source, offset, LITTLE_ENDIAN);
  }

  /** bfloat16 is the upper half of a float. */
  static FloatVector bfloats(MemorySegment source, long offset) {
    return shorts(source, offset).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** A vector of floats from as many signed bytes. */
  static FloatVector bytes(MemorySegment source, long offset) {
    return (FloatVector) byteVector(source, offset).convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  /** A vector of ints from as many unsigned bytes. */
  static IntVector unsignedBytes(MemorySegment source, long offset) {
    return (IntVector)
        byteVector(source, offset).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  /** A block scale. */
  static float half(MemorySegment source, long offset) {
    return Float.float16ToFloat(source.get(LittleEndian.SHORT, offset));
  }

  /** A vector of floats from as many binary16, exactly. */
  static FloatVector halves(MemorySegment source, long offset) {
    IntVector bits = shorts(source, offset);
    IntVector magnitude = bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
    // In place the exponent is too small by the difference of the biases, also where subnormal.
    // Processors multiply subnormal floats slowly, but not where they add something.
    FloatVector scaled = magnitude.reinterpretAsFloats().fma(broadcast(0x1p112f), zero());
    FloatVector special = magnitude.or(FLOAT_EXPONENT).reinterpretAsFloats();
    FloatVector number = scaled.blend(special, scaled.compare(VectorOperators.GE, HALF_OVERFLOW));
    return number.reinterpretAsInts().or(bits.and(Integer.MIN_VALUE)).reinterpretAsFloats();
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
    expectFaults();
    return (IntVector)
        ShortVector.fromMemorySegment(SHORTS, source, offset, LITTLE_ENDIAN)
            .convertShape(VectorOperators.S2I, INTS, 0);
  }

  private static ByteVector byteVector(MemorySegment source, long offset) {
    if (LANES < BYTES.length()) {
      // Four bytes, twice: loading eight would read past the end of a tensor.
      int four = source.get(LittleEndian.INT, offset);
      return IntVector.broadcast(IntVector.SPECIES_64, four).reinterpretAsBytes();
    }
    expectFaults();
    return ByteVector.fromMemorySegment(BYTES, source, offset, LITTLE_ENDIAN);
  }

  /**
   * Goes before every vector load from a segment, so that a model file that is cut while it is
   * mapped ends in an exception. HotSpot takes a fault for one of a mapping only in compiled
   * methods in which it met a scalar access to a segment, and dies of it in others; vector loads do
   * not count. It makes the note while it parses the access and then drops the access, whose value
   * nobody wants: reading a constant segment leaves no instruction behind, whereas reading from the
   * one to be loaded would leave its bounds check.
   */
  static void expectFaults() {
    ANY_SEGMENT.get(ValueLayout.JAVA_BYTE, 0);
  }

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) % LANES);
  }
}
