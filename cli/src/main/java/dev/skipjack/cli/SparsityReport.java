package dev.skipjack.cli;

import dev.skipjack.inference.measure.GenerationTrial;
import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.inference.measure.sparsity.HotNeurons;
import dev.skipjack.inference.measure.sparsity.LayerProfile;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Cut;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Network;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import dev.skipjack.inference.measure.sparsity.SparsityOptions;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code skipjack sparsity} found, for people. */
final class SparsityReport {
  private static final double HOT = 0.2;

  private final SparsityFindings findings;
  private final SparsityProfile profile;

  /** A column of the table of layers; the last cell is the mean. */
  private record Column(String title, List<String> cells) {
    String line(int row) {
      String cell = row < 0 ? title : cells.get(row);
      int width =
          2 + Math.max(title.length(), cells.stream().mapToInt(String::length).max().orElse(0));
      return " ".repeat(width - cell.length()) + cell;
    }
  }

  SparsityReport(SparsityFindings findings) {
    this.findings = findings;
    this.profile = findings.profile();
  }

  void print(Results results) {
    SparsityOptions options = profile.options();
    results.printf(
        "model      %s, %s, %d layers",
        Text.oneLine(profile.source()), profile.activation(), profile.layers().size());
    results.printf(
        "text       %s, %d windows of %d tokens",
        Text.oneLine(findings.textName()), profile.windows(), options.context());
    results.printf("perplexity %.4f, dense", profile.perplexity());
    results.println("");
    table(results);
    results.println("");
    summary(results);
    if (!findings.modes().isEmpty()) {
      results.println("");
      modes(results);
    }
  }

  private void table(Results results) {
    List<Column> columns = columns();
    for (int row = -1; row <= profile.layers().size(); row++) {
      int line = row;
      results.println(
          columns.stream().map(column -> column.line(line)).collect(Collectors.joining()));
    }
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    List<String> names =
        new ArrayList<>(
            IntStream.range(0, profile.layers().size()).mapToObj(String::valueOf).toList());
    names.add("mean");
    columns.add(new Column("layer", names));
    columns.add(column("zero", LayerProfile::zeroRate));
    columns.add(magnitude("median", 0.5));
    columns.add(magnitude("q90", 0.9));
    columns.add(magnitude("q99", 0.99));
    if (profile.mixture()) {
      return columns;
    }
    columns.add(network("CETT " + profile.options().cett(), each -> each.cett().density()));
    profile
        .loss()
        .ifPresent(
            loss ->
                columns.add(
                    network(
                        "PPL-%s%%".formatted(plain(loss.percent())),
                        each -> each.loss().map(Cut::density).orElseThrow())));
    columns.add(network("hot 20 %", each -> each.hot().share(HOT)));
    if (profile.selection().isPresent()) {
      columns.add(selection("recall", SelectionQuality::recall));
      columns.add(selection("precision", SelectionQuality::precision));
      columns.add(selection("selected", SelectionQuality::selectedDensity));
      columns.add(selection("active", SelectionQuality::activeDensity));
    }
    return columns;
  }

  static String plain(double number) {
    return number == Math.rint(number) ? "" + (long) number : "" + number;
  }

  private Column column(String title, Function<LayerProfile, Double> fraction) {
    List<Double> values = profile.layers().stream().map(fraction).toList();
    List<String> cells = new ArrayList<>(values.stream().map(SparsityReport::percent).toList());
    cells.add(percent(values.stream().mapToDouble(value -> value).average().orElse(Double.NaN)));
    return new Column(title, cells);
  }

  private Column network(String title, Function<Network, Double> fraction) {
    return column(title, layer -> fraction.apply(layer.network().orElseThrow()));
  }

  private Column selection(String title, Function<SelectionQuality, Double> fraction) {
    return network(title, each -> fraction.apply(each.selection().orElseThrow()));
  }

  private Column magnitude(String title, double fraction) {
    List<String> cells =
        new ArrayList<>(
            profile.layers().stream()
                .map(layer -> layer.magnitudes().quantile(fraction))
                .map(value -> value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value))
                .toList());
    cells.add("");
    return new Column(title, cells);
  }

  static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }

  private void summary(Results results) {
    if (profile.mixture()) {
      results.println(
          "experts    only magnitudes are known of a mixture of experts, for the tokens sent to"
              + " each; CETT, PPL-p%, hot neurons and selections are measured for single networks");
    } else {
      networks(results);
    }
    GenerationTrial trial = findings.trial();
    double dense =
        trial.bytesPerToken()
            - trial.feedForwardBytes()
            - trial.attentionBytes()
            + trial.denseFeedForwardBytes()
            + trial.denseAttentionBytes();
    results.printf(
        "read       %s per token in %s, %s dense; feed-forward %s; model-level sparsity %s",
        Text.bytes(Math.round(trial.bytesPerToken())),
        findings.mode(),
        Text.bytes(Math.round(dense)),
        percent(trial.feedForwardBytes() / trial.denseFeedForwardBytes()),
        percent(trial.modelSparsity()));
  }

  private void networks(Results results) {
    profile
        .loss()
        .ifPresent(
            loss ->
                results.printf(
                    "PPL-%s%%     %s of the neurons at CETT %.4f, perplexity %+.3f %%",
                    plain(loss.percent()),
                    percent(loss.density()),
                    loss.cett(),
                    100 * (loss.ratio() - 1)));
    HotNeurons hot = profile.hot().orElseThrow();
    results.printf(
        "hot        the most active 20 %% of the neurons make %s of all activations, %s make 80 %%",
        percent(hot.share(HOT)), percent(hot.neededFor(0.8)));
    double[] never = profile.neverActive();
    double[] independent = profile.neverActiveIfIndependent();
    results.println(
        "never on   "
            + IntStream.range(0, never.length)
                .mapToObj(power -> "%s in %d".formatted(percent(never[power]), 1 << power))
                .collect(Collectors.joining(", "))
            + " tokens");
    results.printf(
        "           %s if neurons fired independently of each other from token to token",
        IntStream.range(0, independent.length)
            .mapToObj(power -> percent(independent[power]))
            .collect(Collectors.joining(", ")));
    profile
        .selectionQuality()
        .ifPresent(
            quality ->
                results.printf(
                    "selected   %s by %s for %s active: recall %.4f, precision %.4f",
                    percent(quality.selectedDensity()),
                    profile.selection().orElseThrow(),
                    percent(quality.activeDensity()),
                    quality.recall(),
                    quality.precision()));
  }

  private void modes(Results results) {
    results.printf(
        "%-16s %10s %9s %10s %8s %9s %12s %10s %8s %7s",
        "mode",
        "perplexity",
        "change",
        "mean KLD",
        "same top",
        "neurons",
        "bytes/token",
        "sparsity",
        "t/s",
        "spread");
    for (ModeComparison.Result each : findings.modes()) {
      GenerationTrial trial = each.trial();
      results.printf(
          "%-16s %10.4f %+7.2f %% %10.6f %8s %9s %12s %10s %8.1f %7s",
          each.name(),
          each.divergence().otherPerplexity(),
          100 * (each.divergence().perplexityRatio() - 1),
          each.divergence().kl().mean(),
          percent(each.divergence().sameTop()),
          percent(trial.inputDensity() == 1 ? trial.density() : trial.inputDensity()),
          Text.bytes(Math.round(trial.bytesPerToken())),
          percent(trial.modelSparsity()),
          trial.speed(),
          percent(trial.spread()));
    }
  }
}
