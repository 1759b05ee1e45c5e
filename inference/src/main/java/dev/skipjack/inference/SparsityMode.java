package dev.skipjack.inference;

import dev.skipjack.inference.feedforward.SelectionMethods;
import dev.skipjack.inference.input.InputMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which neurons of the feed-forward networks are computed, or which inputs of all linear maps are
 * read. Text form: {@code method} or {@code method:number}, see {@link #usages}; where layers
 * differ, {@code method:n0,n1,...} has one number for each.
 *
 * <p>{@code exact} gives the results of {@code dense}; the other methods change them. A number in
 * brackets may be left out where the file has calibrated ones. {@code predictor+exact} is another
 * name of {@code predictor}, which skips the zeros among the predicted neurons as well.
 *
 * <p>{@code teal}, {@code wina} and {@code r-sparse} leave out inputs of generated tokens, and of
 * tokens whose logits are asked for one by one; prompts are computed densely.
 *
 * @param method for example {@code cats}
 * @param parameters the numbers given with it
 */
public record SparsityMode(String method, List<Float> parameters) {
  /**
   * By what the model offers: what its file was calibrated for, else its predictors, else its exact
   * zeros, else dense.
   */
  public static final SparsityMode AUTO = new SparsityMode(SelectionMethods.AUTO, List.of());

  /** Every neuron. */
  public static final SparsityMode DENSE = new SparsityMode(SelectionMethods.DENSE, List.of());

  /**
   * @throws IllegalArgumentException if the method is unknown or the numbers do not fit it
   */
  public SparsityMode {
    parameters = List.copyOf(parameters);
    if (InputMethods.knows(method)) {
      InputMethods.check(method, parameters);
    } else if (SelectionMethods.knows(method)) {
      SelectionMethods.check(method, parameters);
    } else {
      throw new IllegalArgumentException(
          "sparsity \"%s\" is unknown; known are %s"
              .formatted(method, String.join(", ", usages())));
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the method is unknown or the numbers do not fit it
   */
  public static SparsityMode parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    List<Float> numbers = new ArrayList<>();
    if (colon >= 0) {
      for (String number : text.substring(colon + 1).split(",", -1)) {
        numbers.add(number(text, number));
      }
    }
    return new SparsityMode(name.equals("predictor+exact") ? "predictor" : name, numbers);
  }

  private static float number(String text, String number) {
    return switch (number) {
      case "inf" -> Float.POSITIVE_INFINITY;
      case "-inf" -> Float.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Float.parseFloat(number);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(
              "sparsity %s: \"%s\" is not a number".formatted(text, number), e);
        }
      }
    };
  }

  /** How every mode is written, for example {@code cats[:T]}. */
  public static List<String> usages() {
    return Stream.concat(SelectionMethods.usages().stream(), InputMethods.usages().stream())
        .toList();
  }

  @Override
  public String toString() {
    return parameters.isEmpty()
        ? method
        : parameters.stream()
            .map(String::valueOf)
            .collect(Collectors.joining(",", method + ":", ""));
  }
}
