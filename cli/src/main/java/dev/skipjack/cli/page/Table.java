package dev.skipjack.cli.page;

import java.util.ArrayList;
import java.util.List;

/** A table of numbers whose first column names its rows. */
final class Table {
  private final String caption;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param caption what screen readers and people are told it is
   */
  Table(String caption, List<String> columns) {
    this.caption = caption;
    this.columns = List.copyOf(columns);
  }

  Table row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  void write(Markup out) {
    out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
    out.open("table").element("caption", caption).line();
    out.open("thead").open("tr");
    columns.forEach(column -> out.element("th", column, "scope", "col"));
    out.close().close().line().open("tbody").line();
    for (List<String> row : rows) {
      out.open("tr").element("th", row.getFirst(), "scope", "row");
      row.stream().skip(1).forEach(cell -> out.element("td", cell));
      out.close().line();
    }
    out.close().close().close().line();
  }
}
