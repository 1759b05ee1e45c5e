package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.CalibratedMaps.CalibratedMap;
import dev.skipjack.inference.input.ColumnNorms;
import dev.skipjack.inference.input.Factors;
import dev.skipjack.inference.input.InputRule;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * R-Sparse (arXiv 2504.19449): every map splits its budget between inputs that are kept and a
 * low-rank part for the others, by one share for all maps or by shares that an evolutionary search
 * has found to give the least loss on the text.
 */
final class RSparseCalibration extends InputCalibration {
  private static final String SHARE = "share";
  private static final String GENERATIONS = "generations";
  private static final String POPULATION = "population";

  /** Points of a distribution that are kept while others are found: steps of 0.02 %. */
  private static final int QUANTILES = 4097;

  /**
   * A map of which everything is known but its share.
   *
   * @param scores the distribution of {@code |x_j| ||W[:, j]||_2}
   */
  private record Prepared(LayerWeight weight, double sparsity, float[] norms, Quantiles scores) {
    CalibratedMap with(RankSplit split, Optional<Factors> all) {
      float threshold = scores.at(split.quantile());
      return new CalibratedMap(
          weight,
          threshold,
          InputRule.above(threshold, norms),
          split.rank() == 0
              ? Optional.empty()
              : all.map(factors -> factors.truncate(split.rank())));
    }
  }

  @Override
  public String name() {
    return "r-sparse";
  }

  @Override
  public String description() {
    return "thresholds as wina, and a low-rank approximation for the inputs that are left out";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.fraction("fraction of weights saved, low-rank parts counted", 0.5);
  }

  @Override
  public List<CalibrationSetting> settings() {
    return List.of(
        CalibrationSetting.number(
            SHARE, 0, 1, 0.95, "part of the budget for inputs; the rest is for low rank"),
        CalibrationSetting.count(
            GENERATIONS, 0, 0, "of the search for the share of every map; 0 for no search"),
        CalibrationSetting.count(POPULATION, 4, 16, "of the search"));
  }

  @Override
  CalibratedMaps find(CalibrationRun run, MapTrials trials) {
    List<Prepared> maps = prepare(trials, run.target());
    double[] shares = new double[maps.size()];
    Arrays.fill(shares, run.settings().number(SHARE));
    boolean searches = run.settings().count(GENERATIONS) > 0;
    int[] ranks = new int[maps.size()];
    for (int i = 0; i < ranks.length; i++) {
      // A search may go down to a share of 0, which takes the largest rank.
      ranks[i] = split(maps.get(i), searches ? 0 : shares[i], searches).rank();
    }
    // Not closed here: the factors are read when the file is written.
    Arena arena = Arena.ofAuto();
    List<Optional<Factors>> factors = factors(maps, ranks, trials, arena);
    if (searches) {
      shares = search(maps, factors, shares, run, trials);
    }
    List<CalibratedMap> calibrated = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      Prepared map = maps.get(i);
      calibrated.add(map.with(split(map, shares[i], searches), factors.get(i)));
    }
    return new CalibratedMaps(name(), calibrated);
  }

  private static List<Prepared> prepare(MapTrials trials, double target) {
    List<Prepared> prepared = new ArrayList<>();
    trials.sweep(
        (sweep, maps) -> {
          double[] sparsity = WinaCalibration.sparsity(sweep, target);
          List<LayerWeight> weights = sweep.weights();
          for (int i = 0; i < sparsity.length; i++) {
            LayerWeight weight = weights.get(i);
            float[] norms = ColumnNorms.of(weight, trials.team());
            Quantiles scores = sweep.sample(weight).scores(norms).reduceTo(QUANTILES);
            prepared.add(new Prepared(weight, sparsity[i], norms, scores));
          }
        });
    return prepared;
  }

  private static RankSplit split(Prepared map, double share, boolean searched) {
    RankSplit split = RankSplit.of(map.weight(), map.sparsity(), share);
    return searched ? split.atLeastOne() : split;
  }

  /** The factors of every map; as many decompositions at a time as there are threads. */
  private static List<Optional<Factors>> factors(
      List<Prepared> maps, int[] ranks, MapTrials trials, Arena arena) {
    List<Optional<Factors>> factors = new ArrayList<>();
    trials.listener().phase("decompositions", maps.size());
    int together = trials.team().size();
    for (int first = 0; first < ranks.length; first += together) {
      trials.check().run();
      int start = first;
      int count = Math.min(together, ranks.length - first);
      List<Optional<Factors>> some = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        some.add(Optional.empty());
      }
      trials
          .team()
          .run(
              worker -> {
                int i = start + worker.index();
                if (worker.index() < count && ranks[i] > 0) {
                  LayerWeight weight = maps.get(i).weight();
                  Factors found = SingularVectors.of(weight, ranks[i], type(weight), arena);
                  some.set(worker.index(), Optional.of(found));
                }
              });
      factors.addAll(some);
      trials.listener().advanced(count, "");
    }
    return factors;
  }

  /** As precise as the weight, so that what low rank costs in weights it also costs in bytes. */
  private static TensorType type(LayerWeight weight) {
    int block = TensorType.Q8_0.blockLength();
    boolean blocks = weight.outputs() % block == 0 && weight.inputs() % block == 0;
    return switch (weight.spec().weight().type()) {
      case F32 -> TensorType.F32;
      case TensorType type when type.isFloat() || !blocks -> TensorType.F16;
      default -> TensorType.Q8_0;
    };
  }

  /** The share of every map with which the text is predicted best. */
  private static double[] search(
      List<Prepared> maps,
      List<Optional<Factors>> factors,
      double[] start,
      CalibrationRun run,
      MapTrials trials) {
    int population = run.settings().count(POPULATION);
    int generations = run.settings().count(GENERATIONS);
    EvolutionarySearch search = new EvolutionarySearch(run.seed(), population, generations);
    int rank =
        factors.stream().flatMap(Optional::stream).mapToInt(f -> f.v().rows()).max().orElse(0);
    trials.listener().phase("search", search.trials());
    try (MapLoss loss = new MapLoss(trials, rank)) {
      return search
          .minimize(
              start,
              shares -> {
                for (int i = 0; i < shares.length; i++) {
                  CalibratedMap map =
                      maps.get(i).with(split(maps.get(i), shares[i], true), factors.get(i));
                  loss.maps().set(map.weight(), map.rule(), map.factors());
                }
                double nats = loss.measure();
                trials.listener().advanced(1, "perplexity %.4f".formatted(Math.exp(nats)));
                return nats;
              })
          .values();
    }
  }
}
