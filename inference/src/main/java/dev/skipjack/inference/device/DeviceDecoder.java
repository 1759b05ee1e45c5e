package dev.skipjack.inference.device;

/**
 * The last layers of a decoder on a device, and the logits if it computes them. Thread-safe; close
 * its sessions first.
 */
public interface DeviceDecoder extends AutoCloseable {
  /** The first layer on the device; those before it are the processor's. */
  int firstLayer();

  /** Whether the device computes the logits too. */
  boolean computesLogits();

  /** Device and layers, in a few words for people. */
  String description();

  /**
   * Starts an empty conversation.
   *
   * @throws IllegalStateException if the device has no room for another
   */
  DeviceSession newSession();

  /** Frees the device's memory. */
  @Override
  void close();
}
