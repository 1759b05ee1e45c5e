package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.CalibratedMaps.CalibratedMap;
import dev.skipjack.inference.calibration.EvolutionarySearch.Candidate;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.input.ColumnNorms;
import dev.skipjack.inference.input.Factors;
import dev.skipjack.inference.input.InputRule;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.kernels.team.ThreadTeam;
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
final class RSparseCalibration {
  /** The share of the budget that goes to inputs where nothing is searched. */
  static final double SHARE = 0.95;

  /** Points of a distribution that are kept while others are found: steps of 0.02 %. */
  private static final int QUANTILES = 4097;

  private final double target;
  private final double share;
  private final EvolutionarySearch search;
  private final boolean searches;

  /**
   * A map of which everything is known but its share.
   *
   * @param scores the distribution of {@code |x_j| ||W[:, j]||_2}
   */
  private record Prepared(LayerWeight weight, double sparsity, float[] norms, Quantiles scores) {}

  /**
   * @param target mean sparsity of a layer, its maps weighted by their sizes
   * @param share of the budget that goes to inputs; where the search begins
   * @param generations of the search; 0 for none
   */
  RSparseCalibration(double target, double share, long seed, int population, int generations) {
    this.target = target;
    this.share = share;
    this.search = new EvolutionarySearch(seed, population, generations);
    this.searches = generations > 0;
  }

  /**
   * @param arena owns the factors
   */
  CalibratedMaps calibrate(MapTrials trials, Arena arena, MapTrials.Progress progress) {
    List<Prepared> maps = prepare(trials, progress);
    double[] shares = new double[maps.size()];
    Arrays.fill(shares, share);
    int[] ranks = new int[maps.size()];
    for (int i = 0; i < ranks.length; i++) {
      // Nothing but a share of 0 needs the largest rank.
      ranks[i] = split(maps.get(i), searches ? 0 : share).rank();
    }
    List<Optional<Factors>> factors = factors(maps, ranks, trials.team(), arena);
    if (searches) {
      shares = search(maps, factors, shares, trials).values();
    }
    List<CalibratedMap> calibrated = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      Prepared map = maps.get(i);
      RankSplit split = split(map, shares[i]);
      calibrated.add(
          new CalibratedMap(
              map.weight(),
              map.scores().at(split.quantile()),
              truncate(factors.get(i), split.rank()).stream().toList()));
    }
    return new CalibratedMaps("r-sparse", calibrated);
  }

  private List<Prepared> prepare(MapTrials trials, MapTrials.Progress progress) {
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
        },
        progress);
    return prepared;
  }

  private RankSplit split(Prepared map, double mapShare) {
    RankSplit split = RankSplit.of(map.weight(), map.sparsity(), mapShare);
    return searches ? split.atLeastOne() : split;
  }

  /** The factors of every map; the decompositions run side by side. */
  private static List<Optional<Factors>> factors(
      List<Prepared> maps, int[] ranks, ThreadTeam team, Arena arena) {
    List<Optional<Factors>> factors = new ArrayList<>();
    maps.forEach(map -> factors.add(Optional.empty()));
    team.run(
        worker -> {
          for (int i = worker.index(); i < ranks.length; i += worker.count()) {
            if (ranks[i] > 0) {
              LayerWeight weight = maps.get(i).weight();
              TensorType type =
                  weight.spec().weight().type() == TensorType.F32 ? TensorType.F32 : TensorType.F16;
              factors.set(i, Optional.of(SingularVectors.of(weight, ranks[i], type, arena)));
            }
          }
        });
    return factors;
  }

  private Candidate search(
      List<Prepared> maps, List<Optional<Factors>> factors, double[] start, MapTrials trials) {
    int rank =
        factors.stream().flatMap(Optional::stream).mapToInt(f -> f.v().rows()).max().orElse(0);
    AdjustableMaps adjustable =
        new AdjustableMaps(trials.kernels(), maps.stream().map(Prepared::weight).toList(), rank);
    try (WindowLoss loss = new WindowLoss(trials, adjustable)) {
      return search.minimize(
          start,
          shares -> {
            for (int i = 0; i < shares.length; i++) {
              Prepared map = maps.get(i);
              RankSplit split = split(map, shares[i]);
              adjustable.set(
                  map.weight(),
                  InputRule.above(map.scores().at(split.quantile()), map.norms()),
                  truncate(factors.get(i), split.rank()));
            }
            return loss.measure();
          });
    }
  }

  private static Optional<Factors> truncate(Optional<Factors> factors, int rank) {
    return rank == 0 ? Optional.empty() : factors.map(all -> all.truncate(rank));
  }
}
