package dev.skipjack.kernels.vector;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this process: the widest the processor prefers, up to 512 bits, or what the
 * system property {@value #PROPERTY} (512, 256 or 128) says. Shorts and bytes have as many lanes as
 * floats, except that there is no 32-bit shape: at 128 bits a byte vector has eight lanes.
 */
final class Species {
  /** Overrides the width, for tests. */
  static final String PROPERTY = "skipjack.vector.bits";

  static final int BITS = Integer.getInteger(PROPERTY, Math.min(512, preferredBits()));
  static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape(BITS));
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, shape(BITS));
  static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, shape(BITS / 2));

  /** Two shorts for each float. */
  static final VectorSpecies<Short> SHORT_PAIRS = VectorSpecies.of(short.class, shape(BITS));

  /** Two bytes for each float. */
  static final VectorSpecies<Byte> BYTE_PAIRS = VectorSpecies.of(byte.class, shape(BITS / 2));

  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, shape(Math.max(64, BITS / 4)));

  /** Float lanes: 16, 8 or 4. */
  static final int LANES = FLOATS.length();

  private Species() {}

  static int preferredBits() {
    return VectorShape.preferredShape().vectorBitSize();
  }

  private static VectorShape shape(int bits) {
    return VectorShape.forBitSize(bits);
  }
}
