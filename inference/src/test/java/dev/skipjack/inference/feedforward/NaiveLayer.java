package dev.skipjack.inference.feedforward;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.LayerSpec.Topology;
import dev.skipjack.models.spec.LinearSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The formulas of the feed-forward and of every selection method, as plainly as they go. */
final class NaiveLayer {
  private final TestLayer layer;
  private final Dense network;
  private final String method;
  private final float parameter;

  /** Active neurons of observed positions, for reuse. */
  private final Map<Integer, Set<Integer>> observed = new HashMap<>();

  /** Activations of prompt tokens, for GRIFFIN. */
  private final List<double[]> prompt = new ArrayList<>();

  NaiveLayer(TestLayer layer, String method, List<Float> parameters) {
    this.layer = layer;
    this.network = layer.network();
    this.method = method;
    this.parameter = parameters.isEmpty() ? Float.NaN : parameters.getFirst();
  }

  /** The branch output {@code [hidden]} of a token. */
  double[] step(int position, boolean isPrompt) {
    double[] a = activations(LayerRun.normed(position));
    Set<Integer> kept = kept(position, isPrompt, a);
    for (int i = 0; i < a.length; i++) {
      a[i] = kept.contains(i) ? a[i] : 0;
    }
    return project(a);
  }

  private double[] activations(float[] x) {
    double[] first = linear(network.gate().orElse(network.up()), x);
    network.topK().ifPresent(topK -> cutOff(first, topK.deviations()));
    double[] up = linear(network.up(), x);
    double[] a = new double[first.length];
    for (int i = 0; i < a.length; i++) {
      double gate = activate(first[i]);
      if (method.equals("cats") && Math.abs(gate) <= parameter) {
        gate = 0;
      }
      a[i] =
          switch (layer.form()) {
            case UNGATED -> gate;
            case GATED -> gate * up[i];
            case GATED_SYMMETRIC -> gate * activate(up[i]);
          };
    }
    return a;
  }

  private double activate(double x) {
    return switch (layer.activation()) {
      case "relu" -> Math.max(0, x);
      case "relu2" -> Math.max(0, x) * Math.max(0, x);
      case "silu" -> x / (1 + Math.exp(-x));
      default -> throw new IllegalArgumentException(layer.activation());
    };
  }

  private static void cutOff(double[] x, double deviations) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double squares = Arrays.stream(x).map(value -> (value - mean) * (value - mean)).sum();
    double cutoff = mean + deviations * Math.sqrt(squares / (x.length - 1));
    Arrays.setAll(x, i -> Math.max(0, x[i] - cutoff));
  }

  private Set<Integer> kept(int position, boolean isPrompt, double[] a) {
    return switch (method) {
      case "exact", "cats" -> all();
      case "predictor" -> predicted(position);
      case "sign" -> bySign(LayerRun.normed(position));
      case "topk" -> largest(a, (int) parameter);
      case "reuse" -> reused(position, a);
      case "griffin" -> griffin(isPrompt, a);
      default -> throw new IllegalArgumentException(method);
    };
  }

  private static Set<Integer> all() {
    return where(i -> true);
  }

  private interface Rule {
    boolean holds(int neuron);
  }

  private static Set<Integer> where(Rule rule) {
    return IntStream.range(0, TestLayer.LENGTH)
        .filter(rule::holds)
        .boxed()
        .collect(Collectors.toSet());
  }

  private Set<Integer> predicted(int position) {
    PredictorSpec predictor = network.predictor().orElseThrow();
    float[] input =
        predictor.input() == PredictorSpec.Input.NORMED
            ? LayerRun.normed(position)
            : layer.topology() == Topology.PARALLEL
                ? LayerRun.layerInput(position)
                : LayerRun.residual(position);
    double[] hidden = product(predictor.fc1(), widen(input));
    Arrays.setAll(hidden, i -> Math.max(0, hidden[i]));
    double[] logits = product(predictor.fc2(), hidden);
    float threshold = Float.isNaN(parameter) ? predictor.threshold() : parameter;
    return where(i -> logits[i] >= threshold);
  }

  private Set<Integer> bySign(float[] x) {
    float[] weights = network.gate().orElse(network.up()).weight().toFloats();
    float alpha = Float.isNaN(parameter) ? 1 : parameter;
    return where(
        i -> {
          int negative = 0;
          int positive = 0;
          for (int c = 0; c < x.length; c++) {
            if (weights[i * x.length + c] < 0 != x[c] < 0) {
              negative++;
            } else {
              positive++;
            }
          }
          return negative <= alpha * positive;
        });
  }

  private static Set<Integer> largest(double[] a, int k) {
    double[] sorted = Arrays.stream(a).map(Math::abs).sorted().toArray();
    double least = sorted[Math.max(0, sorted.length - k)];
    return where(i -> Math.abs(a[i]) >= least);
  }

  private Set<Integer> reused(int position, double[] a) {
    int gamma = (int) parameter;
    int window = position - position % (2 * gamma);
    Set<Integer> union = new HashSet<>();
    boolean complete = position >= window + gamma;
    for (int p = window; p < window + gamma && complete; p++) {
      complete = observed.containsKey(p);
      union.addAll(observed.getOrDefault(p, Set.of()));
    }
    if (complete) {
      return union;
    }
    observed.put(position, where(i -> a[i] != 0));
    return all();
  }

  /** Forgets what a rewind to any position makes stale. */
  void rewind() {
    observed.clear();
  }

  private Set<Integer> griffin(boolean isPrompt, double[] a) {
    if (isPrompt) {
      prompt.add(a.clone());
      return all();
    }
    double[] scores = new double[a.length];
    for (double[] token : prompt) {
      double norm = Math.sqrt(Arrays.stream(token).map(value -> value * value).sum());
      for (int i = 0; i < a.length; i++) {
        scores[i] += Math.pow(token[i] / norm, 2);
      }
    }
    return IntStream.range(0, a.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.sqrt(scores[i])))
        .limit(Math.round(parameter * a.length))
        .collect(Collectors.toSet());
  }

  private double[] project(double[] a) {
    network
        .activationNorm()
        .ifPresent(
            norm -> {
              float[] weight = norm.weight().toFloats();
              double mean = Arrays.stream(a).map(value -> value * value).average().orElseThrow();
              double scale = 1 / Math.sqrt(mean + norm.epsilon());
              Arrays.setAll(a, i -> a[i] * scale * weight[i]);
            });
    return linear(
        new LinearSpec(network.down().weight(), network.down().bias(), network.down().scale()), a);
  }

  private static double[] linear(LinearSpec spec, float[] x) {
    return linear(spec, widen(x));
  }

  private static double[] linear(LinearSpec spec, double[] x) {
    double[] y = product(spec.weight(), x);
    float[] bias = spec.bias().orElseThrow().toFloats();
    Arrays.setAll(y, i -> y[i] * spec.scale() + bias[i]);
    return y;
  }

  private static double[] product(Tensor weight, double[] x) {
    float[] w = weight.toFloats();
    double[] y = new double[weight.rows()];
    for (int row = 0; row < y.length; row++) {
      for (int col = 0; col < x.length; col++) {
        y[row] += w[row * x.length + col] * x[col];
      }
    }
    return y;
  }

  private static double[] widen(float[] x) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
  }
}
