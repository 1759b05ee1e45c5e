package dev.skipjack.kernels.vector;

import dev.skipjack.kernels.TokenTiles;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Puts the quants of a tile's six tokens side by side, which is {@link TokenTiles#spread} for
 * vectors of 256 bits and more. A column of two tokens is a long; vectors of three such pairs take
 * turns, lane by lane, in three vectors of whole columns.
 */
final class TokenTurns {
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, Species.INTS.vectorShape());

  /** Columns at a time; a block is a multiple. */
  private static final int COLUMNS = LONGS.length();

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Short.SIZE * COLUMNS));

  private static final int PAIRS = TokenTiles.TOKENS / 2;

  /** The columns of the first, second and third vector. */
  private static final VectorShuffle<Long> FIRST = columns(0);

  private static final VectorShuffle<Long> SECOND = columns(1);
  private static final VectorShuffle<Long> THIRD = columns(2);

  /** Where these have the second pair, and where the third. */
  private static final VectorMask<Long> FIRST_B = lanes(0, 1);

  private static final VectorMask<Long> FIRST_C = lanes(0, 2);
  private static final VectorMask<Long> SECOND_B = lanes(1, 1);
  private static final VectorMask<Long> SECOND_C = lanes(1, 2);
  private static final VectorMask<Long> THIRD_B = lanes(2, 1);
  private static final VectorMask<Long> THIRD_C = lanes(2, 2);

  private TokenTurns() {}

  private static VectorShuffle<Long> columns(int vector) {
    return VectorShuffle.fromOp(LONGS, lane -> (vector * COLUMNS + lane) / PAIRS);
  }

  private static VectorMask<Long> lanes(int vector, int pair) {
    long lanes = 0;
    for (int lane = 0; lane < COLUMNS; lane++) {
      if ((vector * COLUMNS + lane) % PAIRS == pair) {
        lanes |= 1L << lane;
      }
    }
    return VectorMask.fromLong(LONGS, lanes);
  }

  /** Of tokens that are missing the last takes the place. */
  static void spread(short[] q, int from, int stride, int tokens, int cols, int[] out, int to) {
    int last = tokens - 1;
    int token1 = from + Math.min(1, last) * stride;
    int token2 = from + Math.min(2, last) * stride;
    int token3 = from + Math.min(3, last) * stride;
    int token4 = from + Math.min(4, last) * stride;
    int token5 = from + Math.min(5, last) * stride;
    for (int c = 0; c < cols; c += COLUMNS) {
      LongVector first = pairs(q, from + c, token1 + c);
      LongVector second = pairs(q, token2 + c, token3 + c);
      LongVector third = pairs(q, token4 + c, token5 + c);
      int at = to + c * TokenTiles.TOKENS;
      store(first, second, third, FIRST, FIRST_B, FIRST_C, out, at);
      store(first, second, third, SECOND, SECOND_B, SECOND_C, out, at + 2 * COLUMNS);
      store(first, second, third, THIRD, THIRD_B, THIRD_C, out, at + 4 * COLUMNS);
    }
  }

  /** Columns of two tokens, each value in both halves of an int. */
  private static LongVector pairs(short[] q, int low, int high) {
    LongVector pair = longs(q, low).or(longs(q, high).lanewise(VectorOperators.LSHL, Integer.SIZE));
    return pair.or(pair.lanewise(VectorOperators.LSHL, Short.SIZE));
  }

  private static LongVector longs(short[] q, int at) {
    return (LongVector)
        ShortVector.fromArray(SHORTS, q, at)
            .convertShape(VectorOperators.ZERO_EXTEND_S2L, LONGS, 0);
  }

  private static void store(
      LongVector a,
      LongVector b,
      LongVector c,
      VectorShuffle<Long> columns,
      VectorMask<Long> whereB,
      VectorMask<Long> whereC,
      int[] out,
      int at) {
    a.rearrange(columns)
        .blend(b.rearrange(columns), whereB)
        .blend(c.rearrange(columns), whereC)
        .reinterpretAsInts()
        .intoArray(out, at);
  }
}
