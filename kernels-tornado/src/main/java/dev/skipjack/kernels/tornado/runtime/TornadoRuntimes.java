package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceDescription;
import dev.skipjack.inference.device.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The TornadoVM of this process. Thread-safe. */
public final class TornadoRuntimes {
  /** What the ids of devices begin with. */
  static final String PREFIX = "tornado";

  /**
   * Settings that TornadoVM reads once, when it starts. A failed kernel must fail: by default
   * TornadoVM computes it in Java, wrongly where it uses work-groups, and says nothing. Kernels are
   * written with helper methods, which it otherwise refuses past a size. Relaxed mathematics would
   * lose NaN. Memory is planned here, against what the device says it has.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "tornado.recover.bailout", "False",
          "tornado.compiler.fullInlining", "True",
          "tornado.opencl.compiler.flags", "-cl-mad-enable -w",
          "tornado.device.memory", "1048576GB");

  private TornadoRuntimes() {}

  /**
   * All devices, in TornadoVM's order.
   *
   * @throws DeviceException if TornadoVM cannot start; says why
   */
  public static List<DeviceDescription> devices() {
    TornadoRuntime runtime = runtime();
    List<DeviceDescription> devices = new ArrayList<>();
    for (int b = 0; b < runtime.getNumBackends(); b++) {
      TornadoBackend backend = runtime.getBackend(b);
      for (int d = 0; d < backend.getNumDevices(); d++) {
        devices.add(describe(b, d, backend.getDevice(d)));
      }
    }
    return devices;
  }

  private static DeviceDescription describe(int backend, int index, TornadoDevice device) {
    return new DeviceDescription(
        "%s:%d:%d".formatted(PREFIX, backend, index),
        device.getPhysicalDevice().getDeviceName(),
        device.getPlatformName(),
        kind(device),
        device.getMaxGlobalMemory(),
        device.getMaxAllocMemory());
  }

  private static String kind(TornadoDevice device) {
    return device.getDeviceType().toString();
  }

  /**
   * A device by id.
   *
   * @param id {@code tornado} for the default, or {@code tornado:BACKEND:DEVICE}
   * @throws DeviceException if there is none, or TornadoVM cannot start
   */
  static Found find(String id) {
    List<DeviceDescription> devices = devices();
    String wanted = id.equals(PREFIX) ? PREFIX + ":0:0" : id;
    DeviceDescription description =
        devices.stream()
            .filter(device -> device.id().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new DeviceException(
                        "device %s: not found, expected one of %s; skipjack devices describes them"
                            .formatted(
                                id,
                                String.join(
                                    ", ", devices.stream().map(DeviceDescription::id).toList()))));
    String[] parts = wanted.split(":");
    TornadoDevice device =
        runtime().getBackend(Integer.parseInt(parts[1])).getDevice(Integer.parseInt(parts[2]));
    return new Found(description, device);
  }

  /** A device and what is known of it. */
  record Found(DeviceDescription description, TornadoDevice device) {}

  private static TornadoRuntime runtime() {
    if (Started.RUNTIME instanceof Start.Done done) {
      return done.runtime;
    }
    throw ((Start.Failed) Started.RUNTIME).exception();
  }

  /** How the start went: after a failure TornadoVM's classes are beyond use, so it is kept. */
  private sealed interface Start {
    record Done(TornadoRuntime runtime) implements Start {}

    record Failed(String message, Throwable cause) implements Start {
      DeviceException exception() {
        return new DeviceException(message, cause);
      }
    }

    static Start attempt() {
      SETTINGS.forEach(System::setProperty);
      try {
        return new Done(TornadoRuntimeProvider.getTornadoRuntime());
      } catch (Throwable e) {
        // Whatever is wrong with an installation comes as an error of class initialisation.
        return new Failed(StartFailure.explain(e), e);
      }
    }
  }

  /** Initialised by the first use. */
  private static final class Started {
    private static final Start RUNTIME = Start.attempt();
  }
}
