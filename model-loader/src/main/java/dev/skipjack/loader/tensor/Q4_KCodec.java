package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256, 8 groups of 32: {@code f16 d, dmin; u8 scales[12]; u8 q[128]}. Groups {@code 2c}
 * and {@code 2c + 1} are the low and high nibbles of the same 32 bytes; scales and minima as in
 * {@link KScales}; {@code y = d scale q - dmin min}.
 *
 * <p>Encoding fits each group by {@link AffineFit} and then rounds its scale and minimum to six
 * bits, trying the neighbours of the nearest pair against the same objective.
 */
final class Q4_KCodec extends BlockwiseCodec {
  private static final int GROUPS = 8;
  private static final int GROUP = 32;
  private static final int MINIMUM = 2;
  private static final int SCALES = 4;
  private static final int LEVELS = SCALES + KScales.BYTES;
  private static final int HIGHEST_LEVEL = 15;
  private static final int HIGHEST_SCALE = 63;

  Q4_KCodec() {
    super(GROUPS * GROUP, 144);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    float dmin = Half.get(source, offset + MINIMUM);
    for (int group = 0; group < GROUPS; group++, at += GROUP) {
      float scale = d * KScales.scale(source, offset + SCALES, group);
      float minimum = dmin * KScales.minimum(source, offset + SCALES, group);
      long levels = offset + LEVELS + GROUP * (group >> 1);
      int shift = 4 * (group & 1);
      for (int j = 0; j < GROUP; j++) {
        int level = source.get(JAVA_BYTE, levels + j) >> shift & 15;
        target[at + j] = scale * level - minimum;
      }
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    WeightedGroup[] groups = new WeightedGroup[GROUPS];
    AffineFit[] fits = new AffineFit[GROUPS];
    double largestScale = 0;
    double largestOffset = 0;
    for (int group = 0; group < GROUPS; group++) {
      groups[group] = WeightedGroup.of(source, at + GROUP * group, GROUP);
      fits[group] = AffineFit.search(groups[group], HIGHEST_LEVEL);
      largestScale = Math.max(largestScale, fits[group].scale());
      largestOffset = Math.max(largestOffset, fits[group].offset());
    }
    float d = Half.atLeast((float) (largestScale / HIGHEST_SCALE));
    float dmin = Half.atLeast((float) (largestOffset / HIGHEST_SCALE));
    int[] scales = new int[GROUPS];
    int[] minima = new int[GROUPS];
    int[] levels = new int[GROUPS * GROUP];
    for (int group = 0; group < GROUPS; group++) {
      SixBitFit fit = SixBitFit.nearest(fits[group], d, dmin).best(groups[group]);
      scales[group] = fit.scale;
      minima[group] = fit.minimum;
      AffineFit rounded = fit.map();
      for (int j = 0; j < GROUP; j++) {
        levels[GROUP * group + j] = rounded.level(source[at + GROUP * group + j]);
      }
    }
    Half.set(target, offset, d);
    Half.set(target, offset + MINIMUM, dmin);
    KScales.pack(scales, minima, target, offset + SCALES);
    for (int pair = 0; pair < GROUPS / 2; pair++) {
      Nibbles.pack(levels, 2 * GROUP * pair, GROUP, target, offset + LEVELS + GROUP * pair);
    }
  }

  /** A group's scale and minimum as multiples of the block's. */
  private record SixBitFit(int scale, int minimum, float d, float dmin) {
    static SixBitFit nearest(AffineFit fit, float d, float dmin) {
      return new SixBitFit(multiple(fit.scale(), d), multiple(fit.offset(), dmin), d, dmin);
    }

    private static int multiple(double value, float unit) {
      return unit > 0 ? (int) Math.clamp(value / unit + 0.5, 0, HIGHEST_SCALE) : 0;
    }

    AffineFit map() {
      return new AffineFit(d * scale, dmin * minimum, HIGHEST_LEVEL);
    }

    /** The one of least error among this and neighbours, each with the offset fitted anew. */
    SixBitFit best(WeightedGroup group) {
      SixBitFit best = this;
      double leastError = map().error(group);
      for (int s = Math.max(0, scale - 1); s <= Math.min(HIGHEST_SCALE, scale + 1); s++) {
        AffineFit shifted = new SixBitFit(s, minimum, d, dmin).map().refitOffset(group);
        int centre = multiple(shifted.offset(), dmin);
        for (int m = Math.max(0, centre - 1); m <= Math.min(HIGHEST_SCALE, centre + 1); m++) {
          SixBitFit neighbour = new SixBitFit(s, m, d, dmin);
          double error = neighbour.map().error(group);
          if (error < leastError) {
            best = neighbour;
            leastError = error;
          }
        }
      }
      return best;
    }
  }
}
