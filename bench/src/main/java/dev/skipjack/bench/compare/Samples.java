package dev.skipjack.bench.compare;

import java.util.ArrayList;
import java.util.List;

/** The samples of one runtime in one test, process by process. */
final class Samples {
  private final List<List<Double>> runs = new ArrayList<>();

  void add(List<Double> run) {
    runs.add(List.copyOf(run));
  }

  /** Mean over all samples. */
  double mean() {
    return mean(all());
  }

  /** Mean of one process. */
  double mean(int run) {
    return mean(runs.get(run));
  }

  /** Processes that ran. */
  int runs() {
    return runs.size();
  }

  /** Sample standard deviation over all samples as a fraction of their mean; 0 for one sample. */
  double spread() {
    List<Double> all = all();
    if (all.size() < 2) {
      return 0;
    }
    double mean = mean(all);
    double squares = all.stream().mapToDouble(sample -> (sample - mean) * (sample - mean)).sum();
    return Math.sqrt(squares / (all.size() - 1)) / mean;
  }

  private List<Double> all() {
    return runs.stream().flatMap(List::stream).toList();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
  }
}
