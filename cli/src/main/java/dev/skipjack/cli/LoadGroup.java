package dev.skipjack.cli;

import dev.skipjack.inference.CacheType;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.Repack;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.HotNeuronChoice;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How a model is loaded to compute with. */
final class LoadGroup {
  private static final String PROCESSOR = "cpu";
  private static final String AUTO = "auto";

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute; 0 takes what the machine offers (default: 0).")
  private int threads;

  @Option(
      names = {"-c", "--ctx", "--ctx-size"},
      paramLabel = "N",
      description = "Tokens of prompt and answer together; 0 takes the model's own (default: 0).")
  private int contextLength;

  @Option(
      names = "--ffn-activation",
      paramLabel = "NAME[:P]",
      description = "Replace the feed-forward activation, for example relu or fatrelu:0.01.")
  private Optional<String> activation = Optional.empty();

  @Option(
      names = "--sparsity",
      paramLabel = "MODE",
      description =
          "Which neurons to compute: auto, dense, exact, cats[:T], predictor[:T], sign[:ALPHA],"
              + " topk:K, reuse:GAMMA or griffin[:FRACTION]; or which inputs of all linear maps to"
              + " read: teal[:T], wina[:KEEP] or r-sparse. Layers may differ:"
              + " exact,0-3=dense,28-31=cats:0.05 (default: auto).")
  private Optional<String> sparsity = Optional.empty();

  @Option(
      names = "--dense-above",
      paramLabel = "D",
      description =
          "Density, 0 to 1, above which a layer is computed densely although its mode skips"
              + " neurons; auto measures it when a model of 64 MiB or more is loaded (default:"
              + " auto).")
  private String denseAbove = AUTO;

  @Option(
      names = "--down-copies",
      paramLabel = "TYPE",
      description =
          "How block-quantised down projections are copied neuron by neuron: f32, f16, q8_0, or"
              + " auto by their size (default: auto).")
  private String downCopies = AUTO;

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      description =
          "How keys and values are kept: f32, f16, q8_0, or auto for f32 with F32 weights and f16"
              + " with any other (default: auto).")
  private Optional<String> cacheType = Optional.empty();

  @Option(
      names = "--repack",
      paramLabel = "WHEN",
      description =
          "Copy weights into a layout that multiplies faster: auto for models of 64 MiB and more,"
              + " on or off (default: auto).")
  private Optional<String> repack = Optional.empty();

  @Option(
      names = "--device",
      paramLabel = "ID",
      description =
          "What computes: cpu, tornado for TornadoVM's default device, or a device that \"skipjack"
              + " devices\" lists, such as tornado:0:1 (default: cpu).")
  private String device = PROCESSOR;

  @Option(
      names = {"--gpu-layers", "-ngl"},
      paramLabel = "N",
      description =
          "Layers on the device, counted from the last; auto takes as many as fit (default: auto).")
  private String deviceLayers = AUTO;

  @Option(
      names = "--device-memory",
      paramLabel = "SIZE",
      description =
          "Most memory of the device to use, for example 6GB or 500MB; auto for all it has"
              + " (default: auto).")
  private String deviceMemory = AUTO;

  @Option(
      names = "--hot-neurons",
      paramLabel = "FILE",
      description =
          "How to split layers if they do not all fit: hot neurons on the device, the others on the"
              + " processor. A gpuidx file of PowerInfer or a file of \"sparsify --method hot\";"
              + " auto looks beside and inside the model, off splits no layer (default: auto).")
  private String hotNeurons = AUTO;

  @Option(
      names = "--device-fallback",
      description = "Compute on the processor if the device cannot be used, instead of failing.")
  private boolean deviceFallback;

  /**
   * The chosen options.
   *
   * @throws UsageFailure if one is out of range
   */
  LoadOptions options() {
    try {
      LoadOptions options =
          LoadOptions.DEFAULTS.withThreads(threads).withContextLength(contextLength);
      if (activation.isPresent()) {
        options = options.withActivation(ActivationSpec.parse(activation.get()));
      }
      if (sparsity.isPresent()) {
        options = options.withSparsity(SparsityMode.parse(sparsity.get()));
      }
      if (!denseAbove.equals(AUTO)) {
        options = options.withDenseAbove(density(denseAbove));
      }
      if (!downCopies.equals(AUTO)) {
        options = options.withDownType(downType(downCopies));
      }
      if (cacheType.isPresent()) {
        options = options.withCacheType(CacheType.parse(cacheType.get()));
      }
      if (repack.isPresent()) {
        options = options.withRepack(Repack.parse(repack.get()));
      }
      return device.equals(PROCESSOR) ? options : options.withDevice(deviceOptions());
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }

  private static double density(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--dense-above: found \"%s\", expected auto or a number from 0 to 1".formatted(text), e);
    }
  }

  private static TensorType downType(String text) {
    return Stream.of(TensorType.F32, TensorType.F16, TensorType.Q8_0)
        .filter(type -> type.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--down-copies: found \"%s\", expected auto, f32, f16 or q8_0"
                        .formatted(text)));
  }

  private DeviceOptions deviceOptions() {
    return new DeviceOptions(
        device,
        deviceLayers.equals(AUTO)
            ? OptionalInt.empty()
            : OptionalInt.of(Sizes.count("--gpu-layers", deviceLayers)),
        deviceMemory.equals(AUTO) ? 0 : Sizes.bytes("--device-memory", deviceMemory),
        deviceFallback,
        HotNeuronChoice.parse(hotNeurons),
        0);
  }

  /**
   * Checks that a fresh session can take the tokens.
   *
   * @param what they are, for the message
   * @throws CommandFailure if the context is too short
   */
  static void requireRoom(String what, int[] tokens, Session session) {
    int limit = session.contextLength();
    if (tokens.length > limit) {
      throw new CommandFailure(
          what,
          "found %d, expected at most %d, the context; use a larger -c or fewer tokens"
              .formatted(tokens.length, limit));
    }
  }
}
