package dev.skipjack.inference.calibration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Looks for the vector in the unit cube with the least loss: the better half of a population stays
 * and has children, each of two parents, taking every coordinate from one of them and changing some
 * at random. The same seed gives the same result.
 */
final class EvolutionarySearch {
  /** Coordinates of a child that change: enough to explore, few enough to resemble its parents. */
  private static final double MUTATED = 0.2;

  /** Standard deviation of a change. */
  private static final double DEVIATION = 0.1;

  private final SplittableRandom random;
  private final int population;
  private final int generations;

  /** A tried vector. */
  record Candidate(double[] values, double loss) {}

  /**
   * @param population at least 4
   * @param generations 0 to keep the starting point
   */
  EvolutionarySearch(long seed, int population, int generations) {
    this.random = new SplittableRandom(seed);
    this.population = population;
    this.generations = generations;
  }

  /** How often {@link #minimize} asks for a loss. */
  int trials() {
    int first = Math.min(generations, 1) * (population - 1);
    int others = Math.max(0, generations - 1) * (population - population / 2);
    return 1 + first + others;
  }

  /** The best vector found, never worse than the start. */
  Candidate minimize(double[] start, ToDoubleFunction<double[]> loss) {
    List<Candidate> all = new ArrayList<>();
    all.add(new Candidate(start, loss.applyAsDouble(start)));
    for (int generation = 0; generation < generations; generation++) {
      int parents = Math.min(all.size(), population / 2);
      while (all.size() < population) {
        double[] child = child(pick(all, parents), pick(all, parents));
        all.add(new Candidate(child, loss.applyAsDouble(child)));
      }
      all.sort(Comparator.comparingDouble(Candidate::loss));
      all.subList(Math.max(1, population / 2), all.size()).clear();
    }
    return all.getFirst();
  }

  private double[] pick(List<Candidate> all, int parents) {
    return all.get(random.nextInt(parents)).values();
  }

  private double[] child(double[] mother, double[] father) {
    double[] child = new double[mother.length];
    for (int i = 0; i < child.length; i++) {
      double inherited = random.nextBoolean() ? mother[i] : father[i];
      double change = random.nextDouble() < MUTATED ? DEVIATION * random.nextGaussian() : 0;
      child[i] = Math.clamp(inherited + change, 0, 1);
    }
    return child;
  }
}
