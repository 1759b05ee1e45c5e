package dev.skipjack.kernels;

import static dev.skipjack.kernels.CacheKernels.TILE;
import static dev.skipjack.kernels.TestTensors.floats;
import static dev.skipjack.kernels.TestTensors.wholeBlocks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiles hold exactly what the tensor type makes of each position. */
class CacheKernelsTest {
  private static final int[] LENGTHS = {1, 7, 16, 31, 32, 33, 48, 64, 80, 96, 128, 192, 256};
  private static final int GUARD = 3;

  static Stream<Arguments> providersAndTypes() {
    return Stream.of("scalar", "vector")
        .map(KernelProviders::create)
        .flatMap(
            provider ->
                Stream.of(TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0)
                    .map(type -> Arguments.of(Named.of(provider.name(), provider), type)));
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void tilesHoldWhatTheTypeMakesOfEachPosition(KernelProvider provider, TensorType type) {
    for (int length : LENGTHS) {
      checkTile(provider.cache(type), type, floats(TILE * length + 1, length), length);
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void awkwardNumbersAreKeptAsTheTypeKeepsThem(KernelProvider provider, TensorType type) {
    float[] awkward = {
      0,
      -0f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      65504,
      65520,
      -1e6f,
      6e-8f,
      -6e-8f,
      3e-5f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      1e-39f,
      1e30f,
      127,
      0.5f,
      -1.5f
    };
    int length = 33;
    float[] stored = floats(TILE * length + 1, 5);
    for (int position = 0; position < TILE; position += 2) {
      stored[1 + position * length + position % length] = awkward[position / 2 % awkward.length];
    }
    checkTile(provider.cache(type), type, stored, length);
  }

  /** The second of two tiles, at an odd address; positions from {@code stored[1]} on. */
  private static void checkTile(CacheKernels kernels, TensorType type, float[] stored, int length) {
    long tile = kernels.tileBytes(length);
    MemorySegment keys = Arena.ofAuto().allocate(2 * tile + 1).asSlice(1);
    MemorySegment values = Arena.ofAuto().allocate(2 * tile + 1).asSlice(1);
    for (int i = 0; i < TILE; i++) {
      kernels.storeKey(stored, 1 + i * length, length, keys, tile, i);
      kernels.storeValue(stored, 1 + i * length, length, values, tile, i);
    }
    float[] expected = new float[TILE * length];
    for (int i = 0; i < TILE; i++) {
      float[] position = Arrays.copyOfRange(stored, 1 + i * length, 1 + (i + 1) * length);
      System.arraycopy(rounded(type, position), 0, expected, i * length, length);
    }

    float[] loadedKeys = new float[length * TILE];
    kernels.loadKeys(keys, tile, length, loadedKeys);
    assertThat(transposed(loadedKeys, length)).as("keys of %d", length).containsExactly(expected);
    for (int positions : new int[] {0, 1, 5, TILE}) {
      float[] loadedValues = new float[TILE * length];
      Arrays.fill(loadedValues, GUARD);
      kernels.loadValues(values, tile, length, positions, loadedValues);
      float[] guarded = expected.clone();
      Arrays.fill(guarded, positions * length, guarded.length, GUARD);
      assertThat(loadedValues).as("values of %d", length).containsExactly(guarded);
    }
    byte[] before = new byte[Math.toIntExact(tile)];
    assertThat(keys.asSlice(0, tile).mismatch(MemorySegment.ofArray(before))).isEqualTo(-1);
    assertThat(values.asSlice(0, tile).mismatch(MemorySegment.ofArray(before))).isEqualTo(-1);
  }

  /** One position, encoded and decoded as a tensor, its last block filled up with zeros. */
  private static float[] rounded(TensorType type, float[] position) {
    int count = wholeBlocks(type, position.length);
    MemorySegment encoded = Arena.ofAuto().allocate(type.byteSize(count));
    type.codec().encode(Arrays.copyOf(position, count), 0, count, encoded, 0);
    float[] decoded = new float[count];
    type.codec().decode(encoded, 0, decoded, 0, count);
    return Arrays.copyOf(decoded, position.length);
  }

  private static float[] transposed(float[] keys, int length) {
    float[] positions = new float[keys.length];
    for (int c = 0; c < length; c++) {
      for (int i = 0; i < TILE; i++) {
        positions[i * length + c] = keys[c * TILE + i];
      }
    }
    return positions;
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void aTileIsAsSmallAsItsBlocks(KernelProvider provider, TensorType type) {
    assertThat(provider.cache(type).tileBytes(96)).isEqualTo(TILE * type.byteSize(96));
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void accessOutsideIsRefused(KernelProvider provider, TensorType type) {
    CacheKernels kernels = provider.cache(type);
    int length = 40;
    MemorySegment cache = Arena.ofAuto().allocate(kernels.tileBytes(length));
    float[] tile = new float[TILE * length];
    float[] small = new float[length - 1];
    for (Runnable access :
        new Runnable[] {
          () -> kernels.storeKey(tile, 0, length, cache, 0, TILE),
          () -> kernels.storeKey(small, 0, length, cache, 0, 0),
          () -> kernels.storeKey(tile, 0, length, cache, 1, 0),
          () -> kernels.storeValue(tile, 0, length, cache, 0, -1),
          () -> kernels.storeValue(small, 0, length, cache, 0, 0),
          () -> kernels.loadKeys(cache, 1, length, tile),
          () -> kernels.loadKeys(cache, 0, length, small),
          () -> kernels.loadValues(cache, -1, length, 1, tile),
          () -> kernels.loadValues(cache, 0, length, TILE + 1, tile),
          () -> kernels.loadValues(cache, 0, length, 1, small),
        }) {
      assertThatThrownBy(access::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void directAccessOutsideIsRefused() {
    CacheKernels kernels = KernelProviders.create("vector").cache(TensorType.F16);
    int length = 64;
    MemorySegment cache = Arena.ofAuto().allocate(kernels.tileBytes(length));
    float[] tile = new float[TILE * length];
    float[] small = new float[length - 1];
    for (Runnable access :
        new Runnable[] {
          () -> kernels.touch(cache, 1, length, cache, 0, length),
          () -> kernels.touch(cache, 0, length, cache, -1, length),
          () -> kernels.touch(cache, 0, 2 * length, cache, 0, length),
          () -> kernels.score(cache, 1, length, TILE, tile, 1, tile, tile),
          () -> kernels.score(cache, 0, length, TILE, small, 1, tile, tile),
          () -> kernels.score(cache, 0, length, TILE, tile, 1, small, tile),
          () -> kernels.score(cache, 0, length, TILE, tile, 1, tile, small),
          () -> kernels.score(cache, 0, length, TILE + 1, tile, 1, tile, tile),
          () -> kernels.score(cache, 0, length, TILE, tile, -1, tile, tile),
          () -> kernels.mix(cache, -1, length, 0, TILE, tile, 0, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, -1, TILE, tile, 0, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, 0, TILE + 1, tile, 0, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, 5, 4, tile, 0, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, 0, TILE, small, 0, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, 0, TILE, tile, TILE, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, 0, TILE, tile, -1, 1, tile, tile),
          () -> kernels.mix(cache, 0, length, 0, TILE, tile, 0, 1, small, tile),
          () -> kernels.mix(cache, 0, length, 0, TILE, tile, 0, 1, tile, small),
        }) {
      assertThatThrownBy(access::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> kernels.mix(cache, 0, 17, 0, TILE, tile, 0, 1, tile, tile))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17");
  }

  @Test
  void otherTypesAreRefused() {
    for (String name : new String[] {"scalar", "vector"}) {
      assertThatThrownBy(() -> KernelProviders.create(name).cache(TensorType.Q4_0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Q4_0");
    }
  }
}
