package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.kernels.tornado.graph.KernelForm;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** Which kernels suit a device, unless a system property says so. */
final class KernelChoice {
  /** The form of the kernels: {@code loops} or {@code groups}. */
  static final String FORM_PROPERTY = "skipjack.tornado.kernels";

  /** Whether F16 linear maps are half floats on the device: {@code on} or {@code off}. */
  static final String HALVES_PROPERTY = "skipjack.tornado.halves";

  private static final String HALF_EXTENSION = "cl_khr_fp16";

  private KernelChoice() {}

  static KernelForm form(TornadoDevice device) {
    return switch (System.getProperty(FORM_PROPERTY, "auto")) {
      case "loops" -> KernelForm.LOOPS;
      case "groups" -> KernelForm.WORK_GROUPS;
      default ->
          device.getDeviceType() == TornadoDeviceType.GPU
              ? KernelForm.WORK_GROUPS
              : KernelForm.LOOPS;
    };
  }

  /**
   * Whether to use half floats, which nobody does who did not ask for them.
   *
   * @throws DeviceException if the device that was asked has none
   */
  static boolean halves(String name, TornadoDevice device) {
    boolean wanted = System.getProperty(HALVES_PROPERTY, "off").equals("on");
    if (wanted && !hasHalves(device)) {
      throw new DeviceException(
          "device %s: found no half floats (%s), which -D%s=on needs; leave that option out"
              .formatted(name, HALF_EXTENSION, HALVES_PROPERTY));
    }
    return wanted;
  }

  /** Whether kernels for the device can have half floats. */
  static boolean hasHalves(TornadoDevice device) {
    return device.getTornadoVMBackend() == TornadoVMBackendType.PTX
        || device.getPhysicalDevice().getDeviceInfo().contains(HALF_EXTENSION);
  }
}
