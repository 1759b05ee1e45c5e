package dev.skipjack.inference.feedforward;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The registered selection methods. */
public final class SelectionMethods {
  /** Chooses a method by what the model offers. */
  public static final String AUTO = "auto";

  /** Computes every neuron. */
  public static final String DENSE = "dense";

  private static final List<SelectionMethod> ALL =
      List.of(
          ThresholdSelector.EXACT,
          ThresholdSelector.CATS,
          PredictorSelector.METHOD,
          SignSelector.METHOD,
          TopKSelector.METHOD,
          ReuseSelector.METHOD,
          GriffinSelector.METHOD);

  private SelectionMethods() {}

  /** How every mode is written, for example {@code cats[:T]}. */
  public static List<String> usages() {
    return Stream.concat(Stream.of(AUTO, DENSE), ALL.stream().map(SelectionMethod::usage)).toList();
  }

  /**
   * Checks a name and the numbers given with it.
   *
   * @throws IllegalArgumentException if the name is unknown or the numbers do not fit it
   */
  public static void check(String name, List<Float> parameters) {
    if (!name.equals(AUTO) && !name.equals(DENSE)) {
      require(name).check(parameters);
    } else if (!parameters.isEmpty()) {
      throw new IllegalArgumentException("%s: takes no number".formatted(name));
    }
  }

  /** Whether a method of this name is registered. */
  public static boolean knows(String name) {
    return name.equals(AUTO) || name.equals(DENSE) || find(name).isPresent();
  }

  static SelectionMethod require(String name) {
    return find(name)
        .orElseThrow(
            () -> new IllegalArgumentException("no selection method \"%s\"".formatted(name)));
  }

  static Optional<SelectionMethod> find(String name) {
    return ALL.stream().filter(method -> method.name().equals(name)).findFirst();
  }
}
