package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Predicts negative gates from signs alone (SparseInfer, arXiv 2411.12692): a neuron is inactive
 * iff more than {@code alpha} times as many products of its row with the input are negative as are
 * not. Costs one bit of memory per gate weight and reads only that. A file may bring the bits,
 * which saves reading all gates at load, and an alpha for each layer.
 */
final class SignSelector implements Selector {
  private static final float DEFAULT_ALPHA = 1;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final String EXPECTED = "a number above 0";

  static final SelectionMethod METHOD =
      new SelectionMethod(
          "sign",
          SelectionParameter.perLayer("ALPHA", EXPECTED, SignSelector::isRatio),
          SignSelector::refusal,
          SignSelector::new);

  private final float alpha;
  private final int channels;
  private final int words;

  /** Sign bits of gate, or of up where there is no gate {@code [length x words]}. */
  private final long[] signs;

  private SignSelector(SelectionContext context) {
    this.alpha = context.threshold("sign").orElse(DEFAULT_ALPHA);
    Dense network = context.network();
    RowMatrix matrix = context.kernels().matrix(network.gate().orElse(network.up()).weight());
    this.channels = matrix.cols();
    this.words = SignBits.words(channels);
    this.signs = new long[Math.multiplyExact(matrix.rows(), words)];
    if (network.signs().isPresent()) {
      MemorySegment.copy(network.signs().get().data(), WORD, 0, signs, 0, signs.length);
    } else {
      pack(matrix);
    }
  }

  private void pack(RowMatrix matrix) {
    float[] row = new float[channels];
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.row(i, row, 0);
      SignBits.pack(row, 0, channels, signs, i * words, 0, words);
    }
  }

  private static boolean isRatio(float value) {
    return value > 0 && Float.isFinite(value);
  }

  private static Optional<String> refusal(SelectionContext context) {
    return context
        .threshold("sign")
        .filter(value -> !isRatio(value))
        .map(value -> "the ratio is %s, expected %s".formatted(value, EXPECTED))
        .or(() -> refusal(context.network().signs()))
        .or(context::refuseWithoutZeros)
        .or(context::refuseStatisticalTopK);
  }

  private static Optional<String> refusal(Optional<Tensor> signs) {
    return signs
        .filter(tensor -> tensor.type() != TensorType.I64)
        .map(tensor -> "found %s, expected I64 words of sign bits".formatted(tensor));
  }

  @Override
  public boolean mayPreselect() {
    return true;
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
      SignBits.pack(space.normed.values(), t * channels, channels, bits, t * words, from, to);
    }
    worker.barrier();
  }

  @Override
  public int select(Workspace space, int t, int from, int to, int[] selected) {
    long[] bits = space.selection.orElseThrow().signs;
    int count = from;
    for (int i = from; i < to; i++) {
      int negative = SignBits.differences(bits, t * words, signs, i * words, words);
      selected[count] = i;
      count += negative > alpha * (channels - negative) ? 0 : 1;
    }
    return count - from;
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
