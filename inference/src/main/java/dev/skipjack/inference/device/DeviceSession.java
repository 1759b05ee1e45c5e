package dev.skipjack.inference.device;

/**
 * One conversation's cache and buffers on a device. One thread at a time. Positions may be computed
 * again: what was cached from there on is forgotten.
 */
public interface DeviceSession extends AutoCloseable {
  /**
   * Runs tokens through the device's layers.
   *
   * @param residual the residual stream {@code [count x hidden]}, replaced by that after the last
   *     layer
   * @param position of the first token
   * @throws DeviceException if the device fails
   */
  void forward(float[] residual, int count, int position);

  /**
   * Runs tokens through the device's layers and computes the logits after the last one; the
   * residual stream stays as it is. Only where {@link DeviceDecoder#computesLogits()}.
   *
   * @param logits receives {@code [vocabulary]}
   * @throws DeviceException if the device fails
   */
  void forward(float[] residual, int count, int position, float[] logits);

  /**
   * Runs tokens through the device's layers and chooses the next one: that with the largest logit,
   * the first among equals. The residual stream and the logits stay on the device. Only where
   * {@link DeviceDecoder#computesLogits()}.
   *
   * @return its id
   * @throws DeviceException if the device fails
   */
  int forwardGreedy(float[] residual, int count, int position);

  /**
   * Computes logits from the residual stream after the last layer. Only where {@link
   * DeviceDecoder#computesLogits()}.
   *
   * @param logits receives those of tokens {@code [first, first + rows)}, {@code [rows x
   *     vocabulary]}
   * @throws DeviceException if the device fails
   */
  void logits(float[] residual, int first, int rows, float[] logits);

  /** Makes room for another session. */
  @Override
  void close();
}
