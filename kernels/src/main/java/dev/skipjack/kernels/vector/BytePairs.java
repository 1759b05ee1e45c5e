package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Signed bytes of two neighbouring columns, one row per lane. */
final class BytePairs {
  private BytePairs() {}

  /** Writes both columns, multiplied by the scales of their rows, {@code stride} floats apart. */
  static void write(
      MemorySegment packed, long at, FloatVector scale, float[] out, int column, int stride) {
    low(packed, at).mul(scale).intoArray(out, column);
    high(packed, at).mul(scale).intoArray(out, column + stride);
  }

  /** The first of each pair. */
  static FloatVector low(MemorySegment packed, long at) {
    IntVector low = load(packed, at).lanewise(VectorOperators.LSHL, 16);
    return (FloatVector) low.lanewise(VectorOperators.ASHR, 16).convert(VectorOperators.I2F, 0);
  }

  /** The second of each pair. */
  static FloatVector high(MemorySegment packed, long at) {
    IntVector high = load(packed, at).lanewise(VectorOperators.ASHR, 16);
    return (FloatVector) high.convert(VectorOperators.I2F, 0);
  }

  private static IntVector load(MemorySegment packed, long at) {
    return ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at, LITTLE_ENDIAN)
        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0)
        .reinterpretAsInts();
  }
}
