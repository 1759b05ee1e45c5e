package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.Worker;
import java.util.Optional;

/**
 * Predicts negative gates from signs alone (SparseInfer, arXiv 2411.12692): a neuron is inactive
 * iff more than {@code alpha} times as many products of its row with the input are negative as are
 * not. Costs one bit of memory per gate weight and reads only that.
 */
final class SignSelector implements Selector {
  private static final float DEFAULT_ALPHA = 1;

  static final SelectionMethod METHOD =
      new SelectionMethod(
          "sign",
          SelectionParameter.optional(
              "alpha", "a number above 0", value -> value > 0 && Float.isFinite(value)),
          SignSelector::refusal,
          SignSelector::new);

  private final float alpha;
  private final int channels;
  private final int words;

  /** Sign bits of gate, or of up where there is no gate {@code [length x words]}. */
  private final long[] signs;

  private SignSelector(SelectionContext context) {
    this.alpha = context.parameters().isEmpty() ? DEFAULT_ALPHA : context.parameter();
    RowMatrix matrix =
        context.kernels().matrix(context.network().gate().orElse(context.network().up()).weight());
    this.channels = matrix.cols();
    this.words = SelectionSpace.words(channels);
    this.signs = new long[Math.multiplyExact(matrix.rows(), words)];
    float[] row = new float[channels];
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.row(i, row, 0);
      pack(row, 0, channels, signs, i * words, 0, words);
    }
  }

  private static Optional<String> refusal(SelectionContext context) {
    return context.refuseWithoutZeros().or(context::refuseStatisticalTopK);
  }

  /** Writes words {@code [fromWord, toWord)} of a vector's sign bits; missing channels are 0. */
  private static void pack(
      float[] x, int offset, int channels, long[] bits, int at, int fromWord, int toWord) {
    for (int word = fromWord; word < toWord; word++) {
      long packed = 0;
      int first = word * Long.SIZE;
      int end = Math.min(channels, first + Long.SIZE);
      for (int i = first; i < end; i++) {
        packed |= (long) (Float.floatToRawIntBits(x[offset + i]) >>> 31) << (i - first);
      }
      bits[at + word] = packed;
    }
  }

  @Override
  public boolean preselects(Workspace space) {
    return true;
  }

  @Override
  public void prepare(Worker worker, Workspace space) {
    long[] bits = space.selection.orElseThrow().signs;
    int from = worker.from(words, 1);
    int to = worker.to(words, 1);
    for (int t = 0; t < space.count; t++) {
      pack(space.normed.values(), t * channels, channels, bits, t * words, from, to);
    }
    worker.barrier();
  }

  @Override
  public int select(Workspace space, int t, int from, int to, int[] selected) {
    long[] bits = space.selection.orElseThrow().signs;
    int count = 0;
    for (int i = from; i < to; i++) {
      int negative = differences(bits, t * words, signs, i * words, words);
      selected[count] = i;
      count += negative > alpha * (channels - negative) ? 0 : 1;
    }
    return count;
  }

  private static int differences(long[] x, int xAt, long[] y, int yAt, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Long.bitCount(x[xAt + i] ^ y[yAt + i]);
    }
    return sum;
  }

  @Override
  public long byteSize() {
    return (long) signs.length * Long.BYTES;
  }

  @Override
  public Needs needs() {
    return Needs.SIGNS;
  }
}
