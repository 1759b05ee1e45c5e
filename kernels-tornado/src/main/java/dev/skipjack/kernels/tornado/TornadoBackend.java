package dev.skipjack.kernels.tornado;

import dev.skipjack.inference.device.DeviceBackend;
import dev.skipjack.inference.device.DeviceDecoder;
import dev.skipjack.inference.device.DeviceDescription;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.kernels.tornado.runtime.TornadoDecoder;
import dev.skipjack.kernels.tornado.runtime.TornadoRuntimes;
import java.util.List;

/** TornadoVM's devices. Touches no class of TornadoVM before it knows that the JVM has them. */
public final class TornadoBackend implements DeviceBackend {
  /** What the launcher found missing. */
  private static final String MISSING = "skipjack.tornado.missing";

  private static final String STARTED_BY_TORNADO = "tornado.load.runtime.implementation";

  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public List<DeviceDescription> devices() {
    requireTornado();
    return TornadoRuntimes.devices();
  }

  @Override
  public DeviceDecoder load(DeviceRequest request) {
    requireTornado();
    return TornadoDecoder.load(request);
  }

  /** The cheapest test there is: after a failed start, TornadoVM's classes are beyond use. */
  private static void requireTornado() {
    if (System.getProperty(STARTED_BY_TORNADO) != null) {
      return;
    }
    String missing = System.getProperty(MISSING);
    if (missing != null) {
      throw new DeviceException("TornadoVM: " + missing);
    }
    throw new DeviceException(
        "TornadoVM: this JVM was started without it; install the TornadoVM SDK for JDK %d (tornadovm.org or SDKMAN), point TORNADOVM_HOME at it and start through the launcher skipjack"
            .formatted(Runtime.version().feature()));
  }
}
