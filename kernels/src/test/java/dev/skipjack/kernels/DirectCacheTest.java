package dev.skipjack.kernels;

import static dev.skipjack.kernels.CacheKernels.TILE;
import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products straight from a tile are those of its loaded numbers. */
class DirectCacheTest {
  private static final KernelProvider VECTOR = KernelProviders.create("vector");
  private static final KernelProvider SCALAR = KernelProviders.create("scalar");
  private static final CacheKernels KERNELS = VECTOR.cache(TensorType.F16);
  private static final float GUARD = 3;
  private static final int LINE = 64;

  /** Zeros, subnormal and tiny halves, the largest, and ordinary ones. */
  private static float[] finite(int length, long seed) {
    float[] stored = floats(TILE * length, seed);
    for (int i = 0; i < stored.length; i++) {
      stored[i] *= new float[] {1, 1e-4f, 1e-7f, 0, 60000, 1e-5f, 20}[i * 31 / 7 % 7];
    }
    return stored;
  }

  /** The second of two tiles, at an odd address. */
  private static MemorySegment tiles(
      CacheKernels kernels, float[] stored, int length, boolean key) {
    long tile = kernels.tileBytes(length);
    MemorySegment cache = Arena.ofAuto().allocate(2 * tile + 1).asSlice(1);
    for (int i = 0; i < TILE; i++) {
      if (key) {
        kernels.storeKey(stored, i * length, length, cache, tile, i);
      } else {
        kernels.storeValue(stored, i * length, length, cache, tile, i);
      }
    }
    return cache;
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96, 128, 192, 256, 576})
  void scoresAreThoseOfLoadedKeys(int length) {
    long offset = KERNELS.tileBytes(length);
    float[] stored = finite(length, length);
    MemorySegment cache = tiles(KERNELS, stored, length, true);
    float[] keys = new float[TILE * length];
    KERNELS.loadKeys(cache, offset, length, keys);
    float[] queries = floats(KERNELS.directRows(length) * length, 1);
    queries[3] = 1e15f;
    queries[5] = 1e-30f;
    assertThat(KERNELS.directRows(length)).isPositive();
    for (int rows = 1; rows <= KERNELS.directRows(length); rows++) {
      float[] expected = new float[rows * TILE + 1];
      float[] reference = expected.clone();
      VECTOR.floats().addProduct(queries, 0, length, keys, 0, expected, 0, rows, length, TILE);
      SCALAR.floats().addProduct(queries, 0, length, keys, 0, reference, 0, rows, length, TILE);
      float[] actual = new float[rows * TILE + 1];
      Arrays.fill(actual, GUARD);
      expected[rows * TILE] = GUARD;
      KERNELS.score(cache, offset, length, TILE, queries, rows, actual, new float[TILE * length]);
      assertThat(actual).as("%d rows", rows).containsExactly(expected);
      for (int positions : new int[] {1, 17, 63}) {
        float[] few = new float[rows * TILE];
        Arrays.fill(few, GUARD);
        KERNELS.score(
            cache, offset, length, positions, queries, rows, few, new float[TILE * length]);
        for (int row = 0; row < rows; row++) {
          assertThat(Arrays.copyOfRange(few, row * TILE, row * TILE + positions))
              .as("%d positions of row %d", positions, row)
              .containsExactly(Arrays.copyOfRange(expected, row * TILE, row * TILE + positions));
        }
      }
      for (int i = TILE; i < rows * TILE; i++) {
        assertThat(actual[i]).isCloseTo(reference[i], Offset.offset(1e-2f * length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96, 128, 192, 256, 512})
  void mixturesAreThoseOfLoadedValues(int length) {
    long offset = KERNELS.tileBytes(length);
    MemorySegment cache = tiles(KERNELS, finite(length, length), length, false);
    float[] values = new float[TILE * length];
    KERNELS.loadValues(cache, offset, length, TILE, values);
    int most = KERNELS.directRows(length);
    float[] weights = floats((most + 1) * TILE, 1);
    weights[TILE + 7] = 1e-42f;
    float[] before = floats((most + 2) * length, 2);
    for (int rows = 1; rows <= most; rows++) {
      for (int[] range : new int[][] {{0, TILE}, {0, 1}, {5, 5}, {3, 17}, {63, TILE}}) {
        int from = range[0];
        int count = range[1] - from;
        float[] expected = before.clone();
        VECTOR
            .floats()
            .addProduct(
                weights,
                TILE + from,
                TILE,
                values,
                from * length,
                expected,
                length,
                rows,
                count,
                length);
        float[] actual = before.clone();
        float[] scratch = new float[TILE * length];
        KERNELS.mix(cache, offset, length, from, range[1], weights, 1, rows, actual, scratch);
        assertThat(actual).as("%d rows, %d positions", rows, count).containsExactly(expected);
      }
    }
  }

  /** Of two tiles, of which the keys' is the second; nothing but one line differs from zero. */
  @ParameterizedTest
  @CsvSource({"32, 32", "64, 64", "96, 96", "128, 128", "192, 192", "192, 128", "64, 96"})
  void everyLineOfBothTilesIsTouched(int keyLength, int valueLength) {
    long offset = KERNELS.tileBytes(keyLength);
    MemorySegment keys = Arena.ofAuto().allocate(2 * offset, LINE);
    MemorySegment values = Arena.ofAuto().allocate(KERNELS.tileBytes(valueLength), LINE);
    assertThat(KERNELS.touch(keys, offset, keyLength, values, 0, valueLength)).isZero();
    long common = KERNELS.tileBytes(Math.min(keyLength, valueLength));
    for (long line = 0; line < common; line += LINE) {
      MemorySegment key = keys.asSlice(offset + line, LINE).fill((byte) 1);
      assertThat(KERNELS.touch(keys, offset, keyLength, values, 0, valueLength)).isNotZero();
      key.fill((byte) 0);
      MemorySegment value = values.asSlice(line, LINE).fill((byte) 1);
      assertThat(KERNELS.touch(keys, offset, keyLength, values, 0, valueLength)).isNotZero();
      value.fill((byte) 0);
    }
  }

  @Test
  void onlyFiniteHalvesAreMultipliedDirectly() {
    int length = 33;
    MemorySegment cache = Arena.ofAuto().allocate(KERNELS.tileBytes(length));
    for (float number : new float[] {0, -0f, 65504, -65519, 1e-8f, Float.MIN_VALUE}) {
      assertThat(stores(cache, number, length)).as("%s", number).containsOnly(true);
    }
    for (float number : new float[] {65520, -1e9f, Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThat(stores(cache, number, length)).as("%s", number).containsOnly(false);
    }
  }

  private static boolean[] stores(MemorySegment cache, float number, int length) {
    boolean[] direct = new boolean[2 * length];
    for (int c = 0; c < length; c++) {
      float[] position = floats(length, c);
      position[c] = number;
      direct[2 * c] = KERNELS.storeKey(position, 0, length, cache, 0, c);
      direct[2 * c + 1] = KERNELS.storeValue(position, 0, length, cache, 0, c);
    }
    return direct;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "Q8_0"})
  void otherTypesHaveNoDirectRows(TensorType type) {
    CacheKernels kernels = VECTOR.cache(type);
    MemorySegment cache = Arena.ofAuto().allocate(kernels.tileBytes(64));
    float[] tile = new float[TILE * 64];
    assertThat(kernels.directRows(64)).isZero();
    assertThat(KERNELS.directRows(17)).isZero();
    assertThatThrownBy(() -> kernels.touch(cache, 0, 64, cache, 0, 64))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> kernels.score(cache, 0, 64, TILE, tile, 1, tile, tile))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> kernels.mix(cache, 0, 64, 0, 1, tile, 0, 1, tile, tile))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
