package dev.skipjack.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Ints made of quants for kernels of one token, when somebody first asks for them. Workers that ask
 * at once share the work, because lines of memory that two of them write travel between their
 * caches all the time; none waits for another.
 */
final class Arrangement {
  /** Blocks that a worker arranges at a time: whole cache lines, and little to do twice. */
  private static final int PIECE = 16;

  private static final int STALE = 0;
  private static final int CLAIMED = 1;
  private static final int FILLED = 2;
  private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(int[].class);

  private final int tokens;
  private final int blocks;
  private final int blockInts;
  private final Filler filler;
  private final int pieces;

  /** {@code [tokens x pieces]}. */
  private final int[] pieceStates;

  private final int[] tokenStates;

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
    this.pieces = Math.ceilDiv(blocks, PIECE);
    this.pieceStates = new int[Math.multiplyExact(tokens, pieces)];
    this.tokenStates = new int[tokens];
  }

  long byteSize() {
    int[] made = ints;
    return (long) Integer.BYTES
        * ((made == null ? 0 : made.length) + pieceStates.length + tokenStates.length);
  }

  /** To be called when the quants of a token were written. */
  void forget(int token) {
    Arrays.fill(pieceStates, token * pieces, (token + 1) * pieces, STALE);
    STATES.setOpaque(tokenStates, token, STALE);
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
    if ((int) STATES.getAcquire(tokenStates, token) != FILLED) {
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

  /**
   * Takes the pieces that no other worker has taken, and then those that are not finished yet,
   * which writes the same into them once more.
   */
  private void fill(short[] quants, int token, int width, int[] out) {
    int used = Math.ceilDiv(width, PIECE);
    int states = token * pieces;
    for (int piece = 0; piece < used; piece++) {
      if (STATES.compareAndSet(pieceStates, states + piece, STALE, CLAIMED)) {
        fillPiece(quants, token, width, piece, out);
      }
    }
    for (int piece = 0; piece < used; piece++) {
      if ((int) STATES.getAcquire(pieceStates, states + piece) != FILLED) {
        fillPiece(quants, token, width, piece, out);
      }
    }
    STATES.setRelease(tokenStates, token, FILLED);
  }

  private void fillPiece(short[] quants, int token, int width, int piece, int[] out) {
    int first = token * width;
    int from = piece * PIECE;
    filler.fill(quants, first + from, first + Math.min(from + PIECE, width), out);
    STATES.setRelease(pieceStates, token * pieces + piece, FILLED);
  }
}
