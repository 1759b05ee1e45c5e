package dev.skipjack.kernels.support;

import static dev.skipjack.kernels.Activations.BLOCK;

import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.kernels.memory.ArrayAlignment;
import java.lang.foreign.MemorySegment;

/**
 * A panel of {@link BlockPanelKernel}, {@link TokenTiles#BLOCKS} blocks of some rows: small integer
 * weights, their scales, and a place to work. Each part begins with a cache line of its array. For
 * one thread at a time.
 */
public final class BlockPanel {
  private final int[] weights;
  private final float[] scales;
  private final int[] work;
  private final MemorySegment weightBytes;
  private final MemorySegment scaleBytes;
  private final MemorySegment workBytes;
  private int weightsAt;
  private int scalesAt;
  private int workAt;

  /**
   * @param rows of the panel, even
   */
  public BlockPanel(int rows) {
    int blocks = TokenTiles.BLOCKS;
    this.weights = new int[blocks * BLOCK * rows / 2 + ArrayAlignment.ROOM];
    this.scales = new float[blocks * rows + ArrayAlignment.ROOM];
    this.work = new int[blocks * TokenTiles.TOKENS * rows / 2 + ArrayAlignment.ROOM];
    this.weightBytes = MemorySegment.ofArray(weights);
    this.scaleBytes = MemorySegment.ofArray(scales);
    this.workBytes = MemorySegment.ofArray(work);
  }

  /** Moves the parts to where lines begin now. What they held is lost. */
  public void align() {
    weightsAt = ArrayAlignment.lineStart(weightBytes);
    scalesAt = ArrayAlignment.lineStart(scaleBytes);
    workAt = ArrayAlignment.lineStart(workBytes);
  }

  /** {@code [blocks x 32 x rows / 2]} from {@link #weightsAt} on: ints with two rows each. */
  public int[] weights() {
    return weights;
  }

  public int weightsAt() {
    return weightsAt;
  }

  /** {@code [blocks x rows]} from {@link #scalesAt} on. */
  public float[] scales() {
    return scales;
  }

  public int scalesAt() {
    return scalesAt;
  }

  /** {@code [blocks x TokenTiles.TOKENS x rows / 2]} from {@link #workAt} on, of any content. */
  public int[] work() {
    return work;
  }

  public int workAt() {
    return workAt;
  }
}
