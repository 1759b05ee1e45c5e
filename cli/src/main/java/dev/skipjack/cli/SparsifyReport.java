package dev.skipjack.cli;

import dev.skipjack.inference.calibration.SparsifyOptions;
import dev.skipjack.inference.calibration.SparsifySummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a calibration did, layer by layer. */
record SparsifyReport(
    Path destination, SparsifyOptions options, SparsifySummary summary, double seconds) {
  private static final int LEAST_WIDTH = 6;

  void print(Results results, boolean json) {
    if (json) {
      results.json(this::write);
    } else {
      table(results);
      results.println(total());
      results.flush();
    }
  }

  private void table(Results results) {
    List<String> columns = summary.table().columns();
    if (!columns.isEmpty()) {
      results.println("layer" + row(columns, columns));
    }
    List<List<Double>> rows = summary.table().rows();
    for (int layer = 0; layer < rows.size(); layer++) {
      List<String> numbers = rows.get(layer).stream().map(SparsifyReport::number).toList();
      results.println(String.format(Locale.ROOT, "%5d", layer) + row(columns, numbers));
    }
  }

  private static String row(List<String> columns, List<String> cells) {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i -> {
              int width = 2 + Math.max(LEAST_WIDTH, columns.get(i).length());
              return " ".repeat(Math.max(0, width - cells.get(i).length())) + cells.get(i);
            })
        .collect(Collectors.joining());
  }

  private static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
    return String.format(Locale.ROOT, whole ? "%.0f" : "%.4f", value);
  }

  private String total() {
    String types =
        summary.types().entrySet().stream()
            .map(entry -> entry.getValue() + " x " + entry.getKey())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s: %s in %.1f s",
        Text.oneLine("" + destination),
        summary.added().isEmpty()
            ? "no tensors added"
            : "added %s (%s)".formatted(types, Text.bytes(summary.addedBytes())),
        seconds);
  }

  private void write(Json json) {
    List<String> columns = summary.table().columns();
    json.field("output", "" + destination)
        .field("method", options.method().name())
        .field("target", summary.target())
        .field("text", options.textName())
        .field("seed", options.seed())
        .objects(
            "layers",
            summary.table().rows(),
            (object, row) ->
                IntStream.range(0, columns.size())
                    .forEach(i -> object.field(columns.get(i), row.get(i))))
        .object("added", types -> summary.types().forEach((name, n) -> types.field(name, n)))
        .field("bytes_added", summary.addedBytes())
        .field("seconds", seconds);
  }
}
