package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;

/** A channel-major weight, by which workers together multiply kept inputs. Immutable. */
sealed interface ChannelWeight {
  /** Bytes of all weights. */
  long byteSize();

  /** Bytes that are read for kept inputs. */
  long bytes(InputSpace.Share kept);

  /** Ranges of outputs are cut at multiples of this. */
  int step();

  /** Outputs whose sums are kept apart until all workers are done; 0 for none. */
  int partialOutputs();

  /**
   * Computes outputs {@code [from, to)} of {@code y}. All workers call this; there may be a barrier
   * in it.
   */
  void multiply(
      Worker worker, InputSpace space, InputSpace.Share kept, int from, int to, float[] y);

  /**
   * Rows of inputs, of which each worker adds its outputs.
   *
   * @param rows {@code [inputs x outputs]}
   */
  record OfRows(Rows rows) implements ChannelWeight {
    @Override
    public long byteSize() {
      return rows.byteSize();
    }

    @Override
    public long bytes(InputSpace.Share kept) {
      return kept.count() * (rows.byteSize() / rows.rows());
    }

    @Override
    public int step() {
      return rows.colStep();
    }

    @Override
    public int partialOutputs() {
      return 0;
    }

    @Override
    public void multiply(
        Worker worker, InputSpace space, InputSpace.Share kept, int from, int to, float[] y) {
      Arrays.fill(y, from, to, 0);
      rows.addRows(kept.values, 0, kept.channels, kept.count(), from, to, y, 0);
    }
  }

  /**
   * Channels in the file's own blocks. The list of inputs is cut into {@link
   * InputSpace#PARTIAL_SUMS} shares, however many workers there are, so that results do not depend
   * on their number. Where that does not divide them, outputs are cut as well.
   */
  record OfChannels(Channels channels, FloatKernels floats) implements ChannelWeight {
    @Override
    public long byteSize() {
      return channels.byteSize();
    }

    @Override
    public long bytes(InputSpace.Share kept) {
      return channels.bytes(kept.channels, kept.count());
    }

    @Override
    public int step() {
      return channels.step();
    }

    @Override
    public int partialOutputs() {
      return channels.outputs();
    }

    @Override
    public void multiply(
        Worker worker, InputSpace space, InputSpace.Share kept, int from, int to, float[] y) {
      float[][] sums = space.nextPartialSums(kept);
      int shares = InputSpace.PARTIAL_SUMS;
      int pieces = pieces(worker.count());
      int last = worker.to(shares * pieces, 1);
      for (int cell = worker.from(shares * pieces, 1); cell < last; ) {
        // Shares of one piece of the outputs that are this worker's.
        int piece = cell / shares;
        int end = Math.min(last, (piece + 1) * shares);
        channels.multiply(
            kept.values,
            kept.channels,
            kept.count(),
            cell % shares,
            end - piece * shares,
            shares,
            boundary(piece, pieces),
            boundary(piece + 1, pieces),
            sums);
        cell = end;
      }
      worker.barrier();
      System.arraycopy(sums[0], from, y, from, to - from);
      for (int share = 1; share < shares; share++) {
        floats.add(sums[share], from, y, from, to - from);
      }
    }

    /** The fewest that divide the shares of all pieces evenly among the workers. */
    private static int pieces(int workers) {
      int pieces = 1;
      while (pieces * InputSpace.PARTIAL_SUMS % workers != 0) {
        pieces++;
      }
      return pieces;
    }

    private int boundary(int piece, int pieces) {
      long steps = channels.outputs() / channels.step();
      return (int) (steps * piece / pieces) * channels.step();
    }
  }
}
