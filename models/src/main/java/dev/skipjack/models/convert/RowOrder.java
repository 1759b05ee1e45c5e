package dev.skipjack.models.convert;

/**
 * The order in which a tensor's rows are written.
 *
 * @param headRows rows of one attention head
 * @param pairedRows leading rows of each head whose halves are interleaved; 0 leaves all in place
 */
public record RowOrder(int headRows, int pairedRows) {
  /** Rows stay where they are. */
  public static final RowOrder AS_IS = new RowOrder(1, 0);

  /** The source row that becomes {@code row} of the output. */
  public int source(int row) {
    int inHead = row % headRows;
    if (inHead >= pairedRows) {
      return row;
    }
    return row - inHead + inHead / 2 + inHead % 2 * (pairedRows / 2);
  }
}
