package dev.skipjack.inference.calibration;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers for people, a row for each layer.
 *
 * @param columns names, in words that also serve as JSON names, for example {@code held_out_recall}
 * @param rows {@code [layers][columns]}
 */
public record LayerTable(List<String> columns, List<List<Double>> rows) {
  /** No columns, no rows. */
  public static final LayerTable EMPTY = new LayerTable(List.of(), List.of());

  /**
   * @throws IllegalArgumentException if a row has not one number for every column
   */
  public LayerTable {
    columns = List.copyOf(columns);
    List<List<Double>> copies = new ArrayList<>();
    for (List<Double> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "row %s: expected a number for each of %s".formatted(row, columns));
      }
      copies.add(List.copyOf(row));
    }
    rows = List.copyOf(copies);
  }

  /** One column, a number for each layer. */
  public double[] column(String name) {
    int index = columns.indexOf(name);
    return rows.stream().mapToDouble(row -> row.get(index)).toArray();
  }
}
