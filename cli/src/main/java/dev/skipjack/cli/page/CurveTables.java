package dev.skipjack.cli.page;

import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.util.ArrayList;
import java.util.List;

/** The numbers behind the curves, folded away. */
final class CurveTables {
  private static final List<Double> FRACTIONS = List.of(0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8);

  private final SparsityProfile profile;

  CurveTables(SparsityProfile profile) {
    this.profile = profile;
  }

  void write(Markup out) {
    out.open("details").element("summary", "Numbers behind the curves").line();
    hot().write(out);
    silent().write(out);
    out.close().line();
  }

  private Table hot() {
    List<String> columns = new ArrayList<>(List.of("most active neurons"));
    columns.add("all layers");
    for (int i = 0; i < profile.layers().size(); i++) {
      columns.add("layer " + i);
    }
    Table table = new Table("Share of all activations that the most active neurons cover", columns);
    for (double fraction : FRACTIONS) {
      List<String> cells = new ArrayList<>(List.of(Numbers.percentShort(fraction)));
      cells.add(Numbers.percent(profile.hot().orElseThrow().share(fraction)));
      profile
          .layers()
          .forEach(
              layer ->
                  cells.add(Numbers.percent(layer.network().orElseThrow().hot().share(fraction))));
      table.row(cells);
    }
    return table;
  }

  private Table silent() {
    Table table =
        new Table(
            "Neurons that never fire in several tokens in a row",
            List.of("tokens", "measured", "if tokens were independent"));
    double[] measured = profile.neverActive();
    double[] independent = profile.neverActiveIfIndependent();
    for (int power = 0; power < measured.length; power++) {
      table.row(
          List.of(
              "" + (1L << power),
              Numbers.percent(measured[power]),
              Numbers.percent(independent[power])));
    }
    return table;
  }
}
