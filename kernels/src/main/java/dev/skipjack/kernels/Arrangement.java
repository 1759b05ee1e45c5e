package dev.skipjack.kernels;

/**
 * Ints made of quants for kernels of one token, when somebody first asks for them. Workers that ask
 * at once share the work, because lines of memory that two of them write travel between their
 * caches all the time; none waits for another.
 */
final class Arrangement {
  /** Blocks that a worker arranges at a time: whole cache lines, and little to do twice. */
  private static final int PIECE = 16;

  private final int tokens;
  private final int blocks;
  private final int blockInts;
  private final Filler filler;

  /** Pieces of a token. */
  private final int tokenPieces;

  /** {@code [tokens x tokenPieces]}. */
  private final Pieces pieces;

  /** Each token as one, so that whoever asks again need not look at all of its pieces. */
  private final Pieces whole;

  /** Made when it is first asked for, since no model reads all arrangements; null before. */
  private volatile int[] ints;

  /** Makes the ints of some blocks. */
  @FunctionalInterface
  interface Filler {
    /**
     * Fills {@code out} for blocks {@code [from, to)}.
     *
     * @param quants {@code [blocks x 32]}
     * @param out {@code [blocks x ints of a block]}
     */
    void fill(short[] quants, int from, int to, int[] out);
  }

  /**
   * @param blocks most of a token
   */
  Arrangement(int tokens, int blocks, int blockInts, Filler filler) {
    this.tokens = tokens;
    this.blocks = blocks;
    this.blockInts = blockInts;
    this.filler = filler;
    this.tokenPieces = Math.ceilDiv(blocks, PIECE);
    this.pieces = new Pieces(Math.multiplyExact(tokens, tokenPieces));
    this.whole = new Pieces(tokens);
  }

  long byteSize() {
    int[] made = ints;
    return (made == null ? 0 : (long) Integer.BYTES * made.length)
        + pieces.byteSize()
        + whole.byteSize();
  }

  /** To be called when the quants of a token were written. */
  void forget(int token) {
    if (ints != null) {
      pieces.forget(token * tokenPieces, (token + 1) * tokenPieces);
      whole.forget(token, token + 1);
    }
  }

  /**
   * The ints of all tokens, of which those of one are valid.
   *
   * @param quants {@code [tokens x width x 32]}
   * @param width blocks of a token in {@code quants}, not more than there is room for
   */
  int[] of(short[] quants, int token, int width) {
    int[] made = ints;
    if (made == null) {
      made = make();
    }
    if (!whole.isDone(token)) {
      fill(quants, token, width, made);
    }
    return made;
  }

  private synchronized int[] make() {
    if (ints == null) {
      ints = new int[Math.multiplyExact(Math.multiplyExact(tokens, blocks), blockInts)];
    }
    return ints;
  }

  /** Shares the work as {@link Pieces} says. */
  private void fill(short[] quants, int token, int width, int[] out) {
    int used = Math.ceilDiv(width, PIECE);
    int place = token * tokenPieces;
    for (int piece = 0; piece < used; piece++) {
      if (pieces.claim(place + piece)) {
        fillPiece(quants, token, width, piece, out);
      }
    }
    for (int piece = 0; piece < used; piece++) {
      if (!pieces.isDone(place + piece)) {
        fillPiece(quants, token, width, piece, out);
      }
    }
    whole.done(token);
  }

  private void fillPiece(short[] quants, int token, int width, int piece, int[] out) {
    int first = token * width;
    int from = piece * PIECE;
    filler.fill(quants, first + from, first + Math.min(from + PIECE, width), out);
    pieces.done(token * tokenPieces + piece);
  }
}
