package dev.skipjack.inference.device;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether layers may be split between a device and the processor, neuron by neuron.
 *
 * @param allowed whether they may
 * @param file what says which neurons are hot; empty to look beside and inside the model
 */
public record HotNeuronChoice(boolean allowed, Optional<Path> file) {
  /** Splits layers that do not all fit, if the model or a file beside it says how. */
  public static final HotNeuronChoice AUTO = new HotNeuronChoice(true, Optional.empty());

  /** A layer is on the device or it is not. */
  public static final HotNeuronChoice OFF = new HotNeuronChoice(false, Optional.empty());

  /** Reads {@code auto}, {@code off} or a path. */
  public static HotNeuronChoice parse(String text) {
    return switch (text) {
      case "auto" -> AUTO;
      case "off" -> OFF;
      default -> new HotNeuronChoice(true, Optional.of(Path.of(text)));
    };
  }
}
