package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MagnitudeQuantileTest {
  @Property(tries = 200)
  void itIsTheElementOfTheSortedMagnitudes(
      @ForAll @Size(min = 1, max = 300) float[] values,
      @ForAll @IntRange(min = 1, max = 1000) int thousandths) {
    double fraction = thousandths / 1000.0;
    MagnitudeQuantile quantile = new MagnitudeQuantile();
    quantile.add(values, 0, values.length);
    quantile.narrow(fraction);
    quantile.refine(values, 0, values.length);
    float[] sorted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      sorted[i] = Math.abs(values[i]);
    }
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(fraction * values.length);
    assertThat(quantile.get(fraction)).isEqualTo(sorted[rank - 1]);
  }
}
