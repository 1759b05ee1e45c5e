package dev.skipjack.inference.input;

import java.util.List;
import java.util.Optional;

/** The registered methods of input sparsity. */
public final class InputMethods {
  private static final List<InputMethod> ALL = List.of(Teal.METHOD, Wina.METHOD, RSparse.METHOD);

  private InputMethods() {}

  /** How every mode is written, for example {@code teal[:T]}. */
  public static List<String> usages() {
    return ALL.stream().map(InputMethod::usage).toList();
  }

  /** Whether a method of this name is registered. */
  public static boolean knows(String name) {
    return find(name).isPresent();
  }

  /**
   * Checks the numbers given with a known name.
   *
   * @throws IllegalArgumentException if they do not fit it
   */
  public static void check(String name, List<Float> parameters) {
    require(name).check(parameters);
  }

  static InputMethod require(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException("no input method \"%s\"".formatted(name)));
  }

  private static Optional<InputMethod> find(String name) {
    return ALL.stream().filter(method -> method.name().equals(name)).findFirst();
  }
}
