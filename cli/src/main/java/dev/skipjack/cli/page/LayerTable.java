package dev.skipjack.cli.page;

import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.inference.measure.sparsity.LayerProfile;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Network;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.util.ArrayList;
import java.util.List;

/** The numbers of every layer. */
final class LayerTable {
  private static final double HOT = 0.2;

  private final SparsityProfile profile;

  LayerTable(SparsityProfile profile) {
    this.profile = profile;
  }

  void write(Markup out) {
    out.open("section", "class", "wide").element("h2", "Layers").line();
    if (profile.mixture()) {
      out.element(
              "p",
              "Only magnitudes are known of a mixture of experts, for the tokens that were sent to"
                  + " each of them.")
          .line();
    }
    Table table = new Table("Numbers of every layer", columns());
    for (int i = 0; i < profile.layers().size(); i++) {
      table.row(row(i, profile.layers().get(i)));
    }
    table.write(out);
    out.close().line();
  }

  private List<String> columns() {
    List<String> columns =
        new ArrayList<>(
            List.of("layer", "neurons", "exactly zero", "median |a|", "90th percentile", "99th"));
    if (!profile.mixture()) {
      columns.add("density at CETT " + profile.options().cett());
      columns.add("its threshold");
      if (profile.loss().isPresent()) {
        columns.add(
            "density at PPL-%s%%".formatted(Numbers.plain(profile.options().lossPercent())));
        columns.add("its threshold");
      }
      columns.add("hot 20 % cover");
      profile
          .selection()
          .ifPresent(
              mode -> {
                columns.add("recall of " + mode);
                columns.add("precision");
                columns.add("selected");
              });
    }
    return columns;
  }

  private static List<String> row(int index, LayerProfile layer) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                "" + index,
                Numbers.count(layer.neurons()),
                Numbers.percent(layer.zeroRate()),
                Numbers.magnitude(layer.magnitudes().quantile(0.5)),
                Numbers.magnitude(layer.magnitudes().quantile(0.9)),
                Numbers.magnitude(layer.magnitudes().quantile(0.99))));
    layer.network().ifPresent(network -> add(cells, network));
    return cells;
  }

  private static void add(List<String> cells, Network network) {
    cells.add(Numbers.percent(network.cett().density()));
    cells.add(Numbers.magnitude(network.cett().threshold()));
    network
        .loss()
        .ifPresent(
            cut -> {
              cells.add(Numbers.percent(cut.density()));
              cells.add(Numbers.magnitude(cut.threshold()));
            });
    cells.add(Numbers.percent(network.hot().share(HOT)));
    network.selection().ifPresent(quality -> add(cells, quality));
  }

  private static void add(List<String> cells, SelectionQuality quality) {
    cells.add(Numbers.percent(quality.recall()));
    cells.add(Numbers.percent(quality.precision()));
    cells.add(Numbers.percent(quality.selectedDensity()));
  }
}
