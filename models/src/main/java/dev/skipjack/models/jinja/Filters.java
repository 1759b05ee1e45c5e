package dev.skipjack.models.jinja;

/** All filters. A new one is a line in one of the tables collected here. */
final class Filters {
  static final NativeTable TABLE =
      new NativeTable()
          .addAll(TextFilters.TABLE)
          .addAll(NumberFilters.TABLE)
          .addAll(SequenceFilters.TABLE)
          .addAll(SelectionFilters.TABLE)
          .addAll(OrderFilters.TABLE);

  private Filters() {}
}
