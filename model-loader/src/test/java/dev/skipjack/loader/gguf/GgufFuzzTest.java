package dev.skipjack.loader.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

class GgufFuzzTest {
  private final List<byte[]> seeds = GgufFuzz.seeds();

  @Property(tries = 6000, seed = "20261123", shrinking = ShrinkingMode.OFF)
  void aMutantIsReadOrRefused(@ForAll long seed, @ForAll @IntRange(max = 3) int file) {
    GgufFuzz.target(new GgufMutator(new SplittableRandom(seed)).mutate(seeds.get(file)));
  }

  @Example
  void everyTruncationIsRefused() {
    byte[] file = seeds.getFirst();
    for (int length = 0; length < file.length; length++) {
      assertThat(GgufFuzz.target(Arrays.copyOf(file, length))).as("%d bytes", length).isFalse();
    }
  }

  @Example
  void everySingleByteMayTakeItsExtremes() {
    byte[] file = seeds.getFirst();
    int valid = 0;
    for (int at = 0; at < file.length; at++) {
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
        byte[] mutant = file.clone();
        mutant[at] = (byte) value;
        valid += GgufFuzz.target(mutant) ? 1 : 0;
      }
    }
    assertThat(valid).as("mutants that differ in text, numbers or weights only").isPositive();
  }

  @Example
  void seedsAreValid() {
    assertThat(seeds).allMatch(GgufFuzz::target);
  }
}
