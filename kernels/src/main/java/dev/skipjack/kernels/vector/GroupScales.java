package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Half-precision scales of row groups: one per lane. */
final class GroupScales {
  private GroupScales() {}

  /** The largest absolute half at the start of each of {@code count} blocks. */
  static float largest(MemorySegment source, long at, int count, int blockBytes) {
    float largest = 0;
    for (int i = 0; i < count; i++) {
      float scale = Lanes.half(source, at + (long) i * blockBytes);
      largest = Math.max(largest, Math.abs(scale));
    }
    return largest;
  }

  /** Copies a half, multiplied with a power of two. */
  static void copy(MemorySegment source, long at, float scaling, MemorySegment target, long to) {
    float scaled = Lanes.half(source, at) * scaling;
    target.set(LittleEndian.SHORT, to, Float.floatToFloat16(scaled));
  }

  /** Finite halfs as floats that are 2^112 too small: moving bits does not move the exponent. */
  static FloatVector halfs(MemorySegment packed, long at) {
    IntVector bits =
        (IntVector)
            ShortVector.fromMemorySegment(SHORTS, packed, at, LITTLE_ENDIAN)
                .convertShape(VectorOperators.S2I, INTS, 0);
    return bits.lanewise(VectorOperators.LSHL, 13).and(0x8fffe000).reinterpretAsFloats();
  }

  /** The first of two halfs in each lane, as {@link #halfs}. */
  static FloatVector low(MemorySegment packed, long at) {
    return placed(ints(packed, at).lanewise(VectorOperators.LSHL, 16));
  }

  /** The second of two halfs in each lane, as {@link #halfs}. */
  static FloatVector high(MemorySegment packed, long at) {
    return placed(ints(packed, at));
  }

  private static FloatVector placed(IntVector upper) {
    return upper.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats();
  }

  static IntVector ints(MemorySegment packed, long at) {
    return IntVector.fromMemorySegment(INTS, packed, at, LITTLE_ENDIAN);
  }
}
