package dev.skipjack.inference.device;

import java.util.OptionalInt;

/**
 * Which device computes, and how much.
 *
 * @param id a back end's name for its default device, or a device's id such as {@code tornado:0:1}
 * @param layers layers to put there, counted from the last; empty for as many as fit
 * @param memoryBytes most of the device's memory to use; 0 for what it has
 * @param fallback whether to compute without the device if it cannot be used
 * @param hotNeurons whether layers are split by neuron if they do not all fit
 * @param sessions conversations to keep room for; 0 for one, and up to {@value #USUAL_SESSIONS} if
 *     their caches are small
 */
public record DeviceOptions(
    String id,
    OptionalInt layers,
    long memoryBytes,
    boolean fallback,
    HotNeuronChoice hotNeurons,
    int sessions) {
  /** Conversations that a device has room for if nobody says how many. */
  public static final int USUAL_SESSIONS = 4;

  public DeviceOptions {
    if (layers.isPresent() && layers.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "GPU layers: found %d, expected 1 or more, or auto".formatted(layers.getAsInt()));
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException(
          "device memory: found %d, expected 0 or more".formatted(memoryBytes));
    }
    if (sessions < 0) {
      throw new IllegalArgumentException(
          "device sessions: found %d, expected 0 or more".formatted(sessions));
    }
  }

  /** As much as fits on a device, without a way back. */
  public static DeviceOptions of(String id) {
    return new DeviceOptions(id, OptionalInt.empty(), 0, false, HotNeuronChoice.AUTO, 0);
  }

  public DeviceOptions withLayers(int count) {
    return new DeviceOptions(
        id, OptionalInt.of(count), memoryBytes, fallback, hotNeurons, sessions);
  }

  public DeviceOptions withMemoryBytes(long bytes) {
    return new DeviceOptions(id, layers, bytes, fallback, hotNeurons, sessions);
  }

  public DeviceOptions withFallback(boolean allowed) {
    return new DeviceOptions(id, layers, memoryBytes, allowed, hotNeurons, sessions);
  }

  public DeviceOptions withHotNeurons(HotNeuronChoice choice) {
    return new DeviceOptions(id, layers, memoryBytes, fallback, choice, sessions);
  }

  public DeviceOptions withSessions(int count) {
    return new DeviceOptions(id, layers, memoryBytes, fallback, hotNeurons, count);
  }
}
