package dev.skipjack.kernels.tornado.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Kernel calls with known results.
 *
 * @param results arrays that the calls fill
 * @param found reads result {@code i}
 * @param expected the same, by the definition in double
 * @param terms how many summands a result has, which its error grows with
 */
public record KernelCase(
    String name,
    List<KernelCall> calls,
    List<Object> results,
    IntToDoubleFunction found,
    double[] expected,
    int terms) {
  /** As a graph of its own. */
  public GraphPlan plan() {
    return GraphPlan.alone("test", calls, List.of(), results);
  }

  /** Checks the results after the calls ran. */
  public void verify() {
    double magnitude = 1;
    for (double value : expected) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.applyAsDouble(i))
          .as("%s, result %d of %d", name, i, expected.length)
          .isCloseTo(expected[i], within(1e-5 * terms * magnitude));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
