package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sparsity method as it applies to one model: what {@code auto} chose, with the numbers that the
 * file was calibrated to. Lets parts of a model be computed in different places in the same way.
 *
 * @param name never {@code auto}
 * @param numbers one for each layer where the method has thresholds, else as they were given
 */
public record ResolvedMethod(String name, List<Float> numbers) {
  /** Every neuron. */
  public static final ResolvedMethod DENSE = new ResolvedMethod(SelectionMethods.DENSE, List.of());

  public ResolvedMethod {
    numbers = List.copyOf(numbers);
  }

  /**
   * Resolves a method that {@link SelectionMethods#check} accepts; others are left as they are.
   *
   * @throws IllegalArgumentException if the method cannot serve the model; says what could
   */
  public static ResolvedMethod of(
      KernelProvider kernels,
      DecoderSpec spec,
      Metadata metadata,
      String method,
      List<Float> parameters) {
    if (method.equals(SelectionMethods.DENSE) || !SelectionMethods.knows(method)) {
      return new ResolvedMethod(method, parameters);
    }
    SelectionPlan plan = SelectionPlan.of(kernels.rowMajor(), spec, metadata, parameters);
    if (method.equals(SelectionMethods.AUTO)) {
      return plan.best().map(best -> resolve(plan, best)).orElse(DENSE);
    }
    SelectionMethod chosen = SelectionMethods.require(method);
    plan.refuse(chosen);
    return resolve(plan, chosen);
  }

  private static ResolvedMethod resolve(SelectionPlan plan, SelectionMethod method) {
    List<Float> thresholds = new ArrayList<>();
    for (SelectionContext layer : plan.layers()) {
      threshold(layer, method).ifPresent(thresholds::add);
    }
    boolean all = method.parameter().perLayer() && thresholds.size() == plan.layers().size();
    return new ResolvedMethod(method.name(), all ? thresholds : plan.parameters());
  }

  private static Optional<Float> threshold(SelectionContext layer, SelectionMethod method) {
    Optional<Float> known = layer.threshold(method.name());
    return known.isPresent() || method != PredictorSelector.METHOD
        ? known
        : layer.network().predictor().map(PredictorSpec::threshold);
  }

  /** The same for some layers of the model, by their places in it. */
  public ResolvedMethod forLayers(List<Integer> layers) {
    return numbers.size() > 1
        ? new ResolvedMethod(name, layers.stream().map(numbers::get).toList())
        : this;
  }
}
