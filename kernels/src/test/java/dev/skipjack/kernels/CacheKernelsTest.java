package dev.skipjack.kernels;

import static dev.skipjack.kernels.TestTensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention over a small cache, against sums in double over what the cache holds. */
class CacheKernelsTest {
  private static final int POSITIONS = 11;
  private static final int HEADS = 3;

  static Stream<Arguments> providersTypesAndHeads() {
    return Stream.of("scalar", "vector")
        .map(KernelProviders::create)
        .flatMap(
            provider ->
                TestTensors.encodableTypes().stream()
                    .flatMap(
                        type ->
                            Stream.of(32, 64, 80, 96, 128)
                                .filter(length -> length % type.blockLength() == 0)
                                .map(
                                    length ->
                                        Arguments.of(
                                            Named.of(provider.name(), provider), type, length))));
  }

  @ParameterizedTest
  @MethodSource("providersTypesAndHeads")
  void scoresAndMixOfOneHead(KernelProvider provider, TensorType type, int length) {
    CacheKernels kernels = provider.cache(type);
    int width = HEADS * length;
    long rowBytes = kernels.byteSize(width);
    MemorySegment cache = Arena.ofAuto().allocate(POSITIONS * rowBytes + 1).asSlice(1);
    float[] stored = new float[POSITIONS * width];
    for (int i = 0; i < POSITIONS; i++) {
      kernels.store(floats(width + 1, i), 1, cache, i * rowBytes, width);
    }
    type.codec().decode(cache, 0, stored, 0, stored.length);

    long head = kernels.byteSize(length);
    float[] query = floats(length + 2, 50);
    float[] scores = new float[POSITIONS];
    kernels.scores(query, 2, 0.25f, cache, rowBytes, head, length, 1, 10, scores, 1);
    float[] weights = floats(POSITIONS, 51);
    float[] before = floats(length + 3, 52);
    float[] out = before.clone();
    kernels.mix(weights, 2, cache, rowBytes, head, length, 1, 10, out, 3);

    for (int i = 1; i < 10; i++) {
      double expected = 0;
      for (int c = 0; c < length; c++) {
        expected += 0.25 * query[2 + c] * stored[i * width + length + c];
      }
      assertThat((double) scores[i]).isCloseTo(expected, within(3e-6));
    }
    assertThat(scores[0]).isZero();
    assertThat(scores[10]).isZero();
    for (int c = 0; c < length; c++) {
      double expected = before[3 + c];
      for (int i = 1; i < 10; i++) {
        expected += (double) weights[2 + i - 1] * stored[i * width + length + c];
      }
      assertThat((double) out[3 + c]).isCloseTo(expected, within(3e-6));
    }
    assertThat(out).startsWith(before[0], before[1], before[2]);
  }

  @ParameterizedTest
  @MethodSource("providersTypesAndHeads")
  void readingOutsideTheCacheIsRefused(KernelProvider provider, TensorType type, int length) {
    CacheKernels kernels = provider.cache(type);
    long rowBytes = kernels.byteSize(length);
    MemorySegment cache = Arena.ofAuto().allocate(3 * rowBytes);
    float[] floats = new float[length];
    assertThatThrownBy(
            () -> kernels.scores(floats, 0, 1, cache, rowBytes, 0, length, 0, 4, floats, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(
            () -> kernels.mix(floats, 0, cache, rowBytes, rowBytes, length, 0, 1, floats, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> kernels.store(floats, 0, cache, 3 * rowBytes, length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
