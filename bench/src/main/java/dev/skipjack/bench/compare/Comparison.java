package dev.skipjack.bench.compare;

import dev.skipjack.inference.measure.ThroughputResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Two runtimes on one workload. A round is A B B A: whatever drifts evenly with time, heat or a
 * neighbour's load touches both alike. Every process is fresh.
 */
public final class Comparison {
  private final Workload workload;
  private final Contestant a;
  private final Contestant b;
  private final Map<String, Samples> samplesOfA = new LinkedHashMap<>();
  private final Map<String, Samples> samplesOfB = new LinkedHashMap<>();

  public Comparison(Workload workload, Contestant a, Contestant b) {
    this.workload = workload;
    this.a = a;
    this.b = b;
  }

  /**
   * Runs some rounds, one process after another.
   *
   * @param log appended to, a JSON object per sample
   * @param progress hears what runs
   * @throws IOException if a process fails or does not print what is expected
   */
  public void run(int rounds, Optional<Path> log, Consumer<String> progress)
      throws IOException, InterruptedException {
    SampleLog sampleLog = new SampleLog(log);
    List<Contestant> order = List.of(a, b, b, a);
    for (int run = 0; run < rounds * order.size(); run++) {
      Contestant next = order.get(run % order.size());
      progress.accept("run %d of %d: %s".formatted(run + 1, rounds * order.size(), next.label()));
      Map<String, Samples> samples = next == a ? samplesOfA : samplesOfB;
      for (TestSamples result : next.run(workload)) {
        sampleLog.append(workload, next, run, result);
        samples.computeIfAbsent(result.test(), test -> new Samples()).add(result.samples());
      }
    }
  }

  /** The outcome as a Markdown table, one row for each test that both have run. */
  public String table() {
    StringBuilder table =
        new StringBuilder(
                "| test | %s t/s | %s t/s | ratio | ratios of runs | verdict |\n"
                    .formatted(a.label(), b.label()))
            .append("| --- | ---: | ---: | ---: | ---: | --- |\n");
    samplesOfA.forEach(
        (test, ofA) -> {
          Samples ofB = samplesOfB.get(test);
          if (ofB != null) {
            table.append(row(test, ofA, ofB));
          }
        });
    return table.toString();
  }

  private static String row(String test, Samples ofA, Samples ofB) {
    double[] ratios =
        IntStream.range(0, Math.min(ofA.runs(), ofB.runs()))
            .mapToDouble(run -> ofA.mean(run) / ofB.mean(run))
            .sorted()
            .toArray();
    return String.format(
        Locale.ROOT,
        "| %s | %.2f ± %.0f %% | %.2f ± %.0f %% | %.2f | %.2f to %.2f | %s |%n",
        test,
        ofA.mean(),
        100 * ofA.spread(),
        ofB.mean(),
        100 * ofB.spread(),
        ofA.mean() / ofB.mean(),
        ratios[0],
        ratios[ratios.length - 1],
        verdict(ofA, ofB));
  }

  private static String verdict(Samples ofA, Samples ofB) {
    boolean agree = Math.max(ofA.spread(), ofB.spread()) <= ThroughputResult.LARGEST_SPREAD;
    return agree ? "result" : "spread > 10 %: not a result";
  }
}
