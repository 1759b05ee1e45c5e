package dev.skipjack.kernels.tornado.kernel;

/** What changes from step to step, in an {@code IntArray}. */
public final class Step {
  /** Position of the first token of the batch. */
  public static final int POSITION = 0;

  /** Tokens in the batch. */
  public static final int COUNT = 1;

  /** Length of the array. */
  public static final int SIZE = 2;

  private Step() {}
}
