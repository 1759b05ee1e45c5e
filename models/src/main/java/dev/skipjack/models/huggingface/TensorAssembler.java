package dev.skipjack.models.huggingface;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.safetensors.SafetensorsCheckpoint;
import dev.skipjack.loader.safetensors.SafetensorsEntry;
import dev.skipjack.loader.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives a checkpoint's tensors their GGUF names and arrangement. Single use; not thread-safe.
 *
 * <p>A tensor without translation is an error: a weight that is silently left out changes what the
 * model computes.
 */
final class TensorAssembler {
  private final SafetensorsCheckpoint checkpoint;
  private final Family family;
  private final Dimensions dimensions;
  private final boolean ternary;
  private final NativeTensors builder;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Long> offsets = new LinkedHashMap<>();
  private final Map<String, TreeMap<Integer, Tensor>> stacks = new LinkedHashMap<>();
  private final Map<String, double[]> layerValues = new LinkedHashMap<>();

  /**
   * @param ternary whether {@link Conversion#BITNET} matrices are quantised
   */
  TensorAssembler(
      SafetensorsCheckpoint checkpoint,
      Family family,
      Dimensions dimensions,
      boolean ternary,
      NativeTensors builder) {
    this.checkpoint = checkpoint;
    this.family = family;
    this.dimensions = dimensions;
    this.ternary = ternary;
    this.builder = builder;
  }

  /**
   * Converts everything.
   *
   * @throws ModelFormatException if a tensor has an unknown name, an unusable type or the wrong
   *     shape for its conversion
   */
  void assemble() {
    checkpoint.tensors().values().forEach(tensor -> convert(tensor, match(tensor.name())));
    checkpoint.skipped().forEach(this::refuseIfWeight);
    stacks.forEach(this::stack);
    layerValues.forEach(this::requireAllLayers);
  }

  /** Tensors by GGUF name. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** File offsets of the tensors that stayed where they were. */
  Map<String, Long> offsets() {
    return offsets;
  }

  /** Metadata arrays that were scalar tensors, one element per layer. */
  Map<String, double[]> layerValues() {
    return layerValues;
  }

  private TensorNames.Match match(String name) {
    return family
        .names()
        .match(name)
        .orElseThrow(
            () ->
                new ModelFormatException(
                    checkpoint.source(),
                    "tensor " + name,
                    "a name without translation",
                    "the tensors of a %s model".formatted(family.modelType())));
  }

  private void convert(Tensor tensor, TensorNames.Match match) {
    String target = match.target();
    switch (match.conversion()) {
      case IGNORE -> {}
      case KEEP -> {
        add(tensor.renamed(target));
        offsets.put(target, checkpoint.fileOffset(tensor));
      }
      case PLUS_ONE -> {
        requireShape(tensor, tensor.shape().length == 1, "[size]");
        add(builder.plusOne(target, tensor));
      }
      case STACK -> collect(tensor, match);
      case SPLIT_GATE_UP -> split(tensor, match.targets());
      case GROUPED_QKV -> ungroup(tensor, target);
      case BITNET -> bitnet(tensor, match);
      case LAYER_VALUE -> layerValue(tensor, match);
    }
  }

  private void add(Tensor tensor) {
    if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
      throw new ModelFormatException(
          checkpoint.source(), "tensor " + tensor.name(), "two tensors in this role", "one");
    }
  }

  private void collect(Tensor tensor, TensorNames.Match match) {
    requireShape(tensor, tensor.shape().length == 2, "[rows, cols]");
    Tensor other =
        stacks.computeIfAbsent(match.target(), name -> new TreeMap<>()).put(match.expert(), tensor);
    if (other != null) {
      throw error(tensor, "a second expert " + match.expert(), "one of each");
    }
  }

  private void stack(String target, TreeMap<Integer, Tensor> experts) {
    if (experts.lastKey() != experts.size() - 1) {
      throw new ModelFormatException(
          checkpoint.source(),
          "tensor " + target,
          experts.size() + " experts, the last one number " + experts.lastKey(),
          "no gaps");
    }
    Tensor first = experts.firstEntry().getValue();
    for (Tensor expert : experts.values()) {
      requireShape(expert, NativeTensors.sameForm(first, expert), "as its siblings, " + first);
    }
    add(builder.stack(target, List.copyOf(experts.values())));
  }

  private void split(Tensor tensor, List<String> targets) {
    long[] shape = tensor.shape();
    requireShape(
        tensor,
        shape.length == 3 && shape[0] > 0 && shape[1] % 2 == 0,
        "[experts, 2 * length, hidden]");
    add(builder.half(targets.get(0), tensor, false));
    add(builder.half(targets.get(1), tensor, true));
  }

  private void ungroup(Tensor tensor, String target) {
    int heads = dimensions.headCount();
    int groups = dimensions.kvHeadCount();
    long rows = (heads + 2L * groups) * dimensions.keyLength();
    requireShape(tensor, tensor.shape().length > 0 && tensor.shape()[0] == rows, rows + " rows");
    add(builder.ungroup(target, tensor, heads, groups));
  }

  private void bitnet(Tensor tensor, TensorNames.Match match) {
    if (!ternary) {
      convert(
          tensor,
          new TensorNames.Match(Conversion.KEEP, match.targets(), match.layer(), match.expert()));
      return;
    }
    requireShape(tensor, tensor.shape().length == 2, "[rows, cols]");
    float scale = NativeTensors.meanMagnitude(tensor);
    add(builder.ternary(match.target(), tensor, scale));
    add(builder.vector(match.target().replaceFirst("weight$", "scale"), scale));
  }

  private void layerValue(Tensor tensor, TensorNames.Match match) {
    requireShape(tensor, tensor.elementCount() == 1, "one element");
    if (match.layer() >= dimensions.layerCount()) {
      throw error(tensor, "layer " + match.layer(), "less than " + dimensions.layerCount());
    }
    double[] values =
        layerValues.computeIfAbsent(
            match.target(),
            name -> {
              double[] missing = new double[dimensions.layerCount()];
              Arrays.fill(missing, Double.NaN);
              return missing;
            });
    values[match.layer()] = tensor.toFloats()[0];
  }

  private void requireAllLayers(String key, double[] values) {
    for (int layer = 0; layer < values.length; layer++) {
      if (Double.isNaN(values[layer])) {
        throw new ModelFormatException(
            checkpoint.source(), key, "no number for layer " + layer, "one per layer");
      }
    }
  }

  private void refuseIfWeight(SafetensorsEntry entry) {
    family
        .names()
        .match(entry.name())
        .filter(match -> match.conversion() != Conversion.IGNORE)
        .ifPresent(
            match -> {
              throw new ModelFormatException(
                  checkpoint.source(),
                  "tensor " + entry.name(),
                  "dtype " + entry.type(),
                  "a floating point weight; quantised checkpoints have to be converted to GGUF");
            });
  }

  private void requireShape(Tensor tensor, boolean valid, String expected) {
    if (!valid) {
      throw error(tensor, "shape " + Arrays.toString(tensor.shape()), expected);
    }
  }

  private ModelFormatException error(Tensor tensor, String found, String expected) {
    return new ModelFormatException(
        checkpoint.source(), "tensor " + tensor.name(), found, expected);
  }
}
