package dev.skipjack.inference.device;

import java.util.List;

/**
 * The last layers of a decoder on a device, and the logits if it computes them. Thread-safe; close
 * its sessions first.
 */
public interface DeviceDecoder extends AutoCloseable {
  /** The first layer on the device; those before it are the processor's. */
  int firstLayer();

  /** Whether the device computes the logits too. */
  boolean computesLogits();

  /** The layers that it shares with the processor, in order. */
  List<SharedLayer> sharedLayers();

  /** Most tokens that it gives to {@link ColdNeurons} at once. */
  int batchLength();

  /** Device and layers, in a few words for people. */
  String description();

  /**
   * Starts an empty conversation.
   *
   * @param cold computes the processor's part of {@link #sharedLayers}
   * @throws IllegalStateException if the device has no room for another
   */
  DeviceSession newSession(ColdNeurons cold);

  /** Frees the device's memory. */
  @Override
  void close();
}
