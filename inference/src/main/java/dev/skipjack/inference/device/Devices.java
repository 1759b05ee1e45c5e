package dev.skipjack.inference.device;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds {@link DeviceBackend}s. Stateless. */
public final class Devices {
  private Devices() {}

  /** Every back end of this installation; none of them has been started. */
  public static List<DeviceBackend> backends() {
    return ServiceLoader.load(DeviceBackend.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * Puts layers on the device that the request names.
   *
   * @throws DeviceException if there is no such device or it cannot be used
   * @throws IllegalArgumentException if the model cannot be computed there as the request asks
   */
  public static DeviceDecoder load(DeviceRequest request) {
    String id = request.options().id();
    List<DeviceBackend> backends = backends();
    return backends.stream()
        .filter(backend -> id.equals(backend.name()) || id.startsWith(backend.name() + ":"))
        .findFirst()
        .orElseThrow(() -> unknown(id, backends))
        .load(request);
  }

  private static DeviceException unknown(String id, List<DeviceBackend> backends) {
    String names = backends.stream().map(DeviceBackend::name).collect(Collectors.joining(", "));
    return new DeviceException(
        "device \"%s\": no such back end, expected cpu%s; skipjack devices lists what there is"
            .formatted(id, names.isEmpty() ? "" : " or " + names));
  }
}
