package dev.skipjack.models.convert;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.convert.ConversionSummary.Fallback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything about the output but its tensors' bytes. Immutable.
 *
 * @param keys in the order of the file
 * @param steps one per tensor, in the order of the file
 * @param warnings what the user should know
 */
record ConversionPlan(Map<String, GgufValue> keys, List<TensorStep> steps, List<String> warnings) {
  /**
   * Decides everything.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if the model is not supported or
   *     contradicts itself
   */
  static ConversionPlan of(ModelFile file, ConversionOptions options) {
    TypeMix mix = new TypeMix(options, file.tensors());
    RotaryRows rows = RotaryRows.of(file);
    List<TensorStep> steps =
        file.tensors().values().stream().map(tensor -> step(tensor, mix, rows)).toList();
    List<String> warnings = new ArrayList<>();
    Map<String, GgufValue> keys = OutputKeys.of(file, options, steps, warnings::add);
    steps.stream()
        .filter(TensorStep::requantises)
        .findFirst()
        .ifPresent(
            first ->
                warnings.add(
                    "%s is already quantised (%s is %s): errors add up, an unquantised source is"
                            .formatted(file.source(), first.source().name(), first.source().type())
                        + " better"));
    return new ConversionPlan(keys, steps, List.copyOf(warnings));
  }

  private static TensorStep step(Tensor tensor, TypeMix mix, RotaryRows rows) {
    TypeMix.Choice choice = mix.choose(tensor);
    return new TensorStep(tensor, choice.type(), choice.note(), rows.of(tensor));
  }

  long outputBytes() {
    return steps.stream().mapToLong(TensorStep::byteSize).sum();
  }

  ConversionSummary summary() {
    Map<String, Integer> types = new TreeMap<>();
    steps.forEach(step -> types.merge(step.type().name(), 1, Integer::sum));
    List<Fallback> fallbacks =
        steps.stream()
            .filter(step -> !step.note().isEmpty())
            .map(step -> new Fallback(step.source().name(), step.type().name(), step.note()))
            .toList();
    long inputBytes = steps.stream().mapToLong(step -> step.source().byteSize()).sum();
    return new ConversionSummary(
        steps.size(), types, fallbacks, warnings, inputBytes, outputBytes());
  }
}
