package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256, 16 groups of 16: {@code u8 low[128]; u8 high[64]; i8 scales[16]; f16 d}. Four bits
 * of a level in {@code low}, two in {@code high}; {@code y = d scale (q - 32)}. Each half of the
 * block has 64 bytes of {@code low}, whose low nibbles are its first 64 values.
 *
 * <p>Encoding fits each group by {@link SymmetricFit} and then rounds its scale to eight bits.
 */
final class Q6_KCodec extends BlockwiseCodec {
  private static final int GROUPS = 16;
  private static final int GROUP = 16;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;
  private static final int HALF_LEVELS = 32;

  Q6_KCodec() {
    super(GROUPS * GROUP, 210);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset + SCALE);
    for (int group = 0; group < GROUPS; group++, at += GROUP) {
      float scale = d * source.get(JAVA_BYTE, offset + SCALES + group);
      long low = offset + lowByte(group);
      int lowShift = group & 4;
      long high = offset + HIGH + KGroups.levelByte(group);
      int highShift = KGroups.levelShift(group);
      for (int j = 0; j < GROUP; j += ByteLanes.COUNT) {
        long lanes = ByteLanes.field(source, low + j, lowShift, 4);
        lanes |= ByteLanes.field(source, high + j, highShift, 2) << 4;
        ByteLanes.decodeSymmetric(lanes, HALF_LEVELS, scale, target, at + j);
      }
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    double[] scales = new double[GROUPS];
    double largest = 0;
    for (int group = 0; group < GROUPS; group++) {
      WeightedGroup values = WeightedGroup.of(source, at + GROUP * group, GROUP);
      scales[group] = SymmetricFit.search(values, HALF_LEVELS).scale();
      largest = Math.abs(scales[group]) > Math.abs(largest) ? scales[group] : largest;
    }
    float d = Half.atLeast((float) (largest / Byte.MIN_VALUE));
    target.asSlice(offset, blockBytes()).fill((byte) 0);
    Half.set(target, offset + SCALE, d);
    for (int group = 0; group < GROUPS; group++) {
      double multiple = d == 0 ? 0 : scales[group] / d;
      byte scale = (byte) Math.clamp(Math.rint(multiple), Byte.MIN_VALUE, Byte.MAX_VALUE);
      target.set(JAVA_BYTE, offset + SCALES + group, scale);
      SymmetricFit rounded = new SymmetricFit((double) d * scale, HALF_LEVELS);
      encodeLevels(rounded, source, at + GROUP * group, group, target, offset);
    }
  }

  private static void encodeLevels(
      SymmetricFit fit, float[] source, int at, int group, MemorySegment target, long offset) {
    long low = offset + lowByte(group);
    long high = offset + HIGH + KGroups.levelByte(group);
    for (int j = 0; j < GROUP; j++) {
      int level = fit.level(source[at + j]) + HALF_LEVELS;
      orInto(target, low + j, (level & 15) << (group & 4));
      orInto(target, high + j, level >> 4 << KGroups.levelShift(group));
    }
  }

  private static void orInto(MemorySegment target, long offset, int bits) {
    target.set(JAVA_BYTE, offset, (byte) (target.get(JAVA_BYTE, offset) | bits));
  }

  /** First of the group's 16 bytes with low bits; groups with bit 2 set use the high nibbles. */
  private static int lowByte(int group) {
    return 64 * (group >> 3) + 16 * (group & 3);
  }
}
