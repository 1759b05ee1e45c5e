package dev.skipjack.inference.decoder;

import dev.skipjack.inference.device.ColdNeurons;
import dev.skipjack.inference.device.DeviceDecoder;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.inference.device.Devices;
import dev.skipjack.inference.device.HotNeuronFiles;
import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.spec.DecoderSpec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What a device computes of a decoder, with what is left to the processor of the layers that both
 * compute. Immutable and thread-safe; close its sessions first.
 */
public final class DeviceShare implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(DeviceShare.class.getName());

  private final DeviceDecoder device;
  private final SharedNetworks cold;

  private DeviceShare(DeviceDecoder device, SharedNetworks cold) {
    this.device = device;
    this.cold = cold;
  }

  /**
   * Puts the last layers of a decoder on a device.
   *
   * @param kernels compute what both share
   * @param choices tokens that can be chosen
   * @param method resolved for all layers; one that devices lack is refused
   * @return empty if the device cannot be used and the options allow to go on without
   * @throws DeviceException if the device cannot be used
   * @throws IllegalArgumentException if the model cannot be computed there as asked
   */
  public static Optional<DeviceShare> load(
      KernelProvider kernels,
      ModelFile file,
      DecoderSpec spec,
      DeviceOptions options,
      int contextLength,
      int choices,
      ResolvedMethod method,
      ThreadTeam team) {
    DeviceDecoder device;
    try {
      device =
          Devices.load(
              new DeviceRequest(
                  options,
                  file,
                  spec,
                  contextLength,
                  choices,
                  method.name(),
                  method.numbers(),
                  HotNeuronFiles.find(options.hotNeurons(), file, spec)));
    } catch (DeviceException e) {
      if (!options.fallback()) {
        throw e;
      }
      LOGGER.log(Level.WARNING, "Computing without a device. {0}", e.getMessage());
      return Optional.empty();
    }
    try {
      return Optional.of(
          new DeviceShare(
              device,
              new SharedNetworks(
                  kernels, spec, file.metadata(), device.sharedLayers(), method, team)));
    } catch (RuntimeException | Error e) {
      device.close();
      throw e;
    }
  }

  /** The first layer on the device; those before it are the processor's. */
  public int firstLayer() {
    return device.firstLayer();
  }

  /** Whether the device computes the logits too. */
  public boolean computesLogits() {
    return device.computesLogits();
  }

  /** Device and layers, in a few words for people. */
  public String description() {
    return device.description();
  }

  /**
   * Starts an empty conversation.
   *
   * @throws IllegalStateException if the device has no room for another
   */
  public DeviceSession newSession() {
    ColdNeurons pass = cold.newPass(device.batchLength());
    return device.newSession(pass);
  }

  @Override
  public void close() {
    device.close();
    cold.close();
  }
}
