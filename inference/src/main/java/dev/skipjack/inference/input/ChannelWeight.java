package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;
import java.util.List;

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
   * on their number. Whoever is free takes the next share. For many workers outputs are cut as
   * well.
   */
  record OfChannels(Channels channels, FloatKernels floats) implements ChannelWeight {
    /**
     * Where the {@link InputSpace#PARTIAL_SUMS} shares begin, and the last one ends: long ones
     * first, and short ones last, for which others wait.
     */
    private static final List<Integer> SIXTEENTHS = List.of(0, 4, 8, 10, 12, 13, 14, 15, 16);

    /** Among more the longest share would be more than is due to each. */
    private static final int WORKERS_OF_A_PIECE = 4;

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
      int pieces = Math.ceilDiv(worker.count(), WORKERS_OF_A_PIECE);
      worker.distributeSingly(shares * pieces);
      while (worker.take()) {
        int share = worker.first() / pieces;
        int piece = worker.first() % pieces;
        channels.multiply(
            kept.values,
            kept.channels,
            cut(kept, share),
            cut(kept, share + 1),
            boundary(piece, pieces),
            boundary(piece + 1, pieces),
            sums[share]);
      }
      worker.barrier();
      System.arraycopy(sums[0], from, y, from, to - from);
      for (int share = 1; share < shares; share++) {
        floats.add(sums[share], from, y, from, to - from);
      }
    }

    /** Where a share begins. */
    private int cut(InputSpace.Share kept, int share) {
      long sixteenths = SIXTEENTHS.get(share);
      int place = (int) (sixteenths * kept.count() / 16);
      return channels.cut(kept.channels, kept.count(), place);
    }

    private int boundary(int piece, int pieces) {
      long steps = channels.outputs() / channels.step();
      return (int) (steps * piece / pieces) * channels.step();
    }
  }
}
