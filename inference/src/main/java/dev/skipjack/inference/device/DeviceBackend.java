package dev.skipjack.inference.device;

import java.util.List;

/**
 * A way to compute on devices of some kind; a service that {@link Devices} finds by name.
 * Thread-safe.
 */
public interface DeviceBackend {
  /** The first part of its devices' ids, for example {@code tornado}. */
  String name();

  /**
   * The devices of this machine, the default first.
   *
   * @throws DeviceException if the back end cannot run here; says what is missing and how to get it
   */
  List<DeviceDescription> devices();

  /**
   * Puts the last layers of a decoder on a device and checks that it computes them well.
   *
   * @throws DeviceException if the device does not exist, has too little memory or cannot be
   *     trusted
   * @throws IllegalArgumentException if the model cannot be computed there as the request asks
   */
  DeviceDecoder load(DeviceRequest request);
}
