package dev.skipjack.kernels.tornado.kernel;

/** What changes from step to step, in an {@code IntArray}. */
public final class Step {
  /** Position of the first token of the batch. */
  public static final int POSITION = 0;

  /** Tokens in the batch. */
  public static final int COUNT = 1;

  /** Which of the conversations that share the cache this is. */
  public static final int SLOT = 2;

  /** Of the vocabulary, the first so many can be chosen. */
  public static final int CHOICES = 3;

  /** Length of the array. */
  public static final int SIZE = 4;

  private Step() {}
}
