package dev.skipjack.cli.page;

import dev.skipjack.inference.measure.sparsity.HotNeurons;
import dev.skipjack.inference.measure.sparsity.LayerProfile;
import dev.skipjack.inference.measure.sparsity.MagnitudeDistribution;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The plots of one profile. Legend entries are {@code look|text}. */
final class ProfilePlots {
  private static final int CURVE_POINTS = 160;

  /** Magnitudes are shown from here... */
  private static final double FIRST_SHOWN = 0.02;

  /** ...to here, as fractions of the activations that are not zero. */
  private static final double LAST_SHOWN = 0.9999;

  private final SparsityProfile profile;
  private final List<LayerProfile> layers;

  ProfilePlots(SparsityProfile profile) {
    this.profile = profile;
    this.layers = profile.layers();
  }

  Plot densities() {
    double largest =
        layers.stream()
            .mapToDouble(
                layer ->
                    Math.max(
                        1 - layer.zeroRate(),
                        layer.network().map(network -> network.cett().density()).orElse(0.0)))
            .max()
            .orElse(1);
    Plot plot =
        new Plot(
            "Active neurons by layer",
            "Lines over the layers: not exactly zero, %s on average; numbers are in the table of"
                    .formatted(Numbers.percent(1 - profile.zeroRate()))
                + " layers.",
            Axis.counting("layer", layers.size() - 1),
            Axis.percentUpTo("fraction of neurons", Math.min(1, largest)));
    double[] xs = IntStream.range(0, layers.size()).asDoubleStream().toArray();
    plot.line("not exactly zero", "first", xs, byLayer(layer -> 1 - layer.zeroRate()), true);
    if (!profile.mixture()) {
      plot.line(
          "CETT " + profile.options().cett(),
          "second",
          xs,
          byLayer(layer -> layer.network().orElseThrow().cett().density()),
          true);
    }
    if (profile.loss().isPresent()) {
      plot.line(
          lossName(),
          "third",
          xs,
          byLayer(layer -> layer.network().orElseThrow().loss().orElseThrow().density()),
          true);
    }
    return plot;
  }

  private String lossName() {
    return "PPL-%s%%".formatted(Numbers.plain(profile.options().lossPercent()));
  }

  private double[] byLayer(ToDoubleFunction<LayerProfile> number) {
    return layers.stream().mapToDouble(number).toArray();
  }

  List<String> densityLegend() {
    List<String> legend = new ArrayList<>(List.of("first|not exactly zero"));
    if (!profile.mixture()) {
      legend.add(
          "second|output up to %s (CETT)"
              .formatted(Numbers.percentShort(profile.options().cett())));
    }
    profile
        .loss()
        .ifPresent(
            loss ->
                legend.add(
                    "third|perplexity +%s %% (%s)"
                        .formatted(Numbers.plain(loss.percent()), lossName())));
    return legend;
  }

  Plot magnitudes() {
    double smallest =
        layers.stream()
            .mapToDouble(layer -> shown(layer.magnitudes(), FIRST_SHOWN))
            .filter(value -> value > 0)
            .min()
            .orElse(1e-3);
    double largest =
        layers.stream().mapToDouble(layer -> shown(layer.magnitudes(), LAST_SHOWN)).max().orElse(1);
    Axis x =
        Axis.powersOfTen(
            "activation magnitude |a|, logarithmic", smallest, Math.max(largest, 2 * smallest));
    Plot plot =
        new Plot(
            "Cumulative distribution of activation magnitudes",
            "One curve per layer, from the exact zeros to all activations.",
            x,
            Axis.percentFrom(
                "fraction of activations",
                layers.stream().mapToDouble(LayerProfile::zeroRate).min().orElse(0)));
    double[] xs = new double[CURVE_POINTS + 1];
    Arrays.setAll(xs, i -> x.from() * Math.pow(x.to() / x.from(), (double) i / CURVE_POINTS));
    for (int i = 0; i < layers.size(); i++) {
      MagnitudeDistribution magnitudes = layers.get(i).magnitudes();
      plot.line(
          "layer " + i,
          shade(i),
          xs,
          Arrays.stream(xs).map(value -> magnitudes.upTo((float) value)).toArray());
    }
    return plot;
  }

  /** A quantile of the activations that are not zero. */
  private static double shown(MagnitudeDistribution magnitudes, double fraction) {
    double zero = magnitudes.zeroRate();
    return magnitudes.quantile(zero + (1 - zero) * fraction);
  }

  private double shade(int layer) {
    return layers.size() == 1 ? 0 : (double) layer / (layers.size() - 1);
  }

  List<String> familyLegend() {
    return layers.size() == 1
        ? List.of()
        : List.of("ramp|layer 0 to layer %d".formatted(layers.size() - 1));
  }

  Plot hot() {
    Plot plot =
        new Plot(
            "Hot neurons",
            "Share of all activations over the fraction of neurons, the most active first.",
            Axis.percent("most active neurons"),
            Axis.percent("share of all activations"));
    plot.line("all equally active", "even", new double[] {0, 1}, new double[] {0, 1}, false);
    double[] xs = IntStream.rangeClosed(0, 100).mapToDouble(i -> i / 100.0).toArray();
    for (int i = 0; i < layers.size(); i++) {
      HotNeurons hot = layers.get(i).network().orElseThrow().hot();
      plot.line("layer " + i, shade(i), xs, Arrays.stream(xs).map(hot::share).toArray());
    }
    HotNeurons all = profile.hot().orElseThrow();
    plot.line("all layers", "strong", xs, Arrays.stream(xs).map(all::share).toArray(), false);
    return plot;
  }

  List<String> hotLegend() {
    List<String> legend = new ArrayList<>(List.of("strong|all layers together"));
    legend.addAll(familyLegend());
    legend.add("even|all equally active");
    return legend;
  }

  Plot silent() {
    double[] measured = profile.neverActive();
    double[] independent = profile.neverActiveIfIndependent();
    double[] xs = IntStream.range(0, measured.length).mapToDouble(power -> 1L << power).toArray();
    return new Plot(
            "Neurons that stay silent over several tokens",
            "Fraction of neurons that fire in none of 1, 2, 4 and more tokens, measured and as"
                + " independent neurons would give.",
            Axis.powersOfTwo("tokens in a row, logarithmic", measured.length - 1),
            Axis.percent("neurons that never fire"))
        .line("independent", "even", xs, independent, false)
        .line("measured", "first", xs, measured, true);
  }

  List<String> silentLegend() {
    return List.of("first|measured", "even|if tokens were independent");
  }
}
