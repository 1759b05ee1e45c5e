package dev.skipjack.cli.page;

import dev.skipjack.inference.measure.GenerationTrial;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Quality, density and speed of the compared modes. */
final class ModeSection {
  /** Smaller divergences are shown as this: they are rounding. */
  private static final double LEAST_DIVERGENCE = 1e-5;

  private final List<ModeComparison.Result> modes;

  ModeSection(List<ModeComparison.Result> modes) {
    this.modes = modes;
  }

  void write(Markup out) {
    out.open("section", "class", "plots", "aria-label", "Modes").line();
    SparsityPage.figure(
        out,
        "Quality against bytes",
        "Kullback-Leibler divergence from dense, against what is read for a generated token. Down"
            + " and to the left is better.",
        quality(),
        List.of());
    SparsityPage.figure(
        out,
        "Speed against bytes",
        "Tokens generated per second on this machine, against what is read for each. Up and to the"
            + " left is better.",
        speed(),
        List.of());
    out.close().line();
    out.open("section", "class", "wide").element("h2", "Modes").line();
    table().write(out);
    out.close().line();
  }

  private static double megabytes(ModeComparison.Result mode) {
    return mode.trial().bytesPerToken() / 1e6;
  }

  private double largest(ToDoubleFunction<ModeComparison.Result> number) {
    return modes.stream().mapToDouble(number).max().orElse(1);
  }

  private Axis bytes() {
    return Axis.fromZero("megabytes read per token", largest(ModeSection::megabytes));
  }

  private static double divergence(ModeComparison.Result mode) {
    return Math.max(LEAST_DIVERGENCE, mode.divergence().kl().mean());
  }

  private Plot quality() {
    Axis y =
        Axis.powersOfTen(
            "mean divergence in nats, logarithmic",
            LEAST_DIVERGENCE,
            Math.max(10 * LEAST_DIVERGENCE, largest(ModeSection::divergence)));
    Plot plot =
        new Plot(
            "Quality against bytes",
            "One point per mode; divergences below 0.00001 nats are shown as that.",
            bytes(),
            y);
    modes.forEach(mode -> plot.mark(mode.name(), megabytes(mode), divergence(mode)));
    return plot;
  }

  private Plot speed() {
    Plot plot =
        new Plot(
            "Speed against bytes",
            "One point per mode.",
            bytes(),
            Axis.fromZero("tokens per second", largest(mode -> mode.trial().speed())));
    modes.forEach(mode -> plot.mark(mode.name(), megabytes(mode), mode.trial().speed()));
    return plot;
  }

  private Table table() {
    Table table =
        new Table(
            "Quality, density and speed of every mode",
            List.of(
                "mode",
                "perplexity",
                "change",
                "mean KLD",
                "99th percentile",
                "same top token",
                "computed",
                "read per token",
                "model-level sparsity",
                "tokens/s",
                "spread"));
    modes.forEach(mode -> table.row(row(mode)));
    return table;
  }

  private static List<String> row(ModeComparison.Result mode) {
    GenerationTrial trial = mode.trial();
    boolean inputs = trial.inputDensity() != 1;
    return List.of(
        mode.name(),
        Numbers.decimals(mode.divergence().otherPerplexity(), 3),
        Numbers.change(100 * (mode.divergence().perplexityRatio() - 1), 2) + " %",
        Numbers.decimals(mode.divergence().kl().mean(), 5),
        Numbers.decimals(mode.divergence().kl().quantile(0.99), 4),
        Numbers.percent(mode.divergence().sameTop()),
        Numbers.percent(inputs ? trial.inputDensity() : trial.density())
            + (inputs ? " of inputs" : " of neurons"),
        Numbers.megabytes(trial.bytesPerToken()),
        Numbers.percent(trial.modelSparsity()),
        Numbers.decimals(trial.speed(), 1),
        "\u00b1 " + Numbers.percent(trial.spread() / 2));
  }
}
