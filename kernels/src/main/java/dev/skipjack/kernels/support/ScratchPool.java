package dev.skipjack.kernels.support;

/** A {@link Pool} of float buffers of one length, for blocks that are decoded on the way. */
public final class ScratchPool {
  private final int length;
  private final Pool<float[]> buffers;

  /**
   * @param length floats per buffer
   */
  public ScratchPool(int length) {
    this.length = length;
    this.buffers = new Pool<>(() -> new float[length]);
  }

  /** Floats per buffer. */
  public int length() {
    return length;
  }

  /** Lends a buffer of {@link #length()} floats with unspecified content. */
  public float[] take() {
    return buffers.take();
  }

  /** Takes a buffer back; the caller must not use it again. */
  public void give(float[] buffer) {
    buffers.give(buffer);
  }
}
