package dev.skipjack.inference.device;

import dev.skipjack.loader.ModelFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads which neurons are hot: from a file of PowerInfer (arXiv 2312.12456), whose tensors {@code
 * blk.N.gpu_idx} are 1 for the neurons of the device, or from counts that {@code sparsify} left in
 * tensors {@code blk.N.ffn_counts.weight}. Stateless.
 */
public final class HotNeuronFiles {
  /** What the name of PowerInfer's file ends with, behind that of the model. */
  private static final String SUFFIX = ".generated.gpuidx";

  private static final String CHOSEN = "blk.%d.gpu_idx";
  private static final String COUNTED = "blk.%d.ffn_counts.weight";

  private HotNeuronFiles() {}

  /** The name of the tensor {@code [neurons]} that holds the counts of a layer. */
  public static String countsTensor(int layer) {
    return COUNTED.formatted(layer);
  }

  /**
   * What a choice leads to: the named file, else PowerInfer's file beside the model, else counts in
   * the model itself.
   *
   * @return empty if there is nothing, or nothing is wanted
   * @throws DeviceException if a file does not fit the model
   */
  public static Optional<HotNeurons> find(
      HotNeuronChoice choice, ModelFile model, DecoderSpec spec) {
    if (!choice.allowed()) {
      return Optional.empty();
    }
    if (choice.file().isPresent()) {
      return Optional.of(open(choice.file().get(), spec));
    }
    Path beside = Path.of(model.source() + SUFFIX);
    return Files.isRegularFile(beside) ? Optional.of(open(beside, spec)) : read(model, spec);
  }

  private static HotNeurons open(Path path, DecoderSpec spec) {
    try (ModelFile file = ModelFiles.open(path)) {
      return read(file, spec)
          .orElseThrow(
              () ->
                  new DeviceException(
                      "hot neurons %s: found neither %s nor %s, expected a file of PowerInfer or of skipjack sparsify --method hot"
                          .formatted(path, CHOSEN.formatted(0), COUNTED.formatted(0))));
    }
  }

  private static Optional<HotNeurons> read(ModelFile file, DecoderSpec spec) {
    if (file.tensors().containsKey(CHOSEN.formatted(0))) {
      List<int[]> layers = new ArrayList<>();
      for (LayerSpec layer : spec.layers()) {
        layers.add(chosen(file, layer));
      }
      return Optional.of(new HotNeurons.Chosen(file.source(), layers));
    }
    if (file.tensors().containsKey(COUNTED.formatted(0))) {
      List<int[]> layers = new ArrayList<>();
      for (LayerSpec layer : spec.layers()) {
        layers.add(numbers(file, COUNTED.formatted(layer.index()), layer));
      }
      return Optional.of(new HotNeurons.Counted(file.source(), layers));
    }
    return Optional.empty();
  }

  private static int[] chosen(ModelFile file, LayerSpec layer) {
    String name = CHOSEN.formatted(layer.index());
    int[] marks = numbers(file, name, layer);
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] != 0 && marks[i] != 1) {
        throw new DeviceException(
            "hot neurons %s: found %d at %d of %s, expected 0 or 1"
                .formatted(file.source(), marks[i], i, name));
      }
    }
    return IntStream.range(0, marks.length).filter(i -> marks[i] == 1).toArray();
  }

  private static int[] numbers(ModelFile file, String name, LayerSpec layer) {
    Tensor tensor = file.tensors().get(name);
    int length = layer.feedForward() instanceof Dense network ? network.length() : 0;
    if (tensor == null || tensor.type() != TensorType.I32 || tensor.elementCount() != length) {
      throw new DeviceException(
          "hot neurons %s: found %s, expected %s I32 [%d]; the file is not for this model"
              .formatted(file.source(), tensor == null ? "no " + name : tensor, name, length));
    }
    int[] values = new int[length];
    for (int i = 0; i < length; i++) {
      values[i] = tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, (long) Integer.BYTES * i);
    }
    return values;
  }
}
