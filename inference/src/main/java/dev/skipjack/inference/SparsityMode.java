package dev.skipjack.inference;

import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.inference.feedforward.SelectionMethods;
import dev.skipjack.inference.input.InputMethods;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which neurons of the feed-forward networks are computed, or which inputs of all linear maps are
 * read. Text form: {@code method} or {@code method:number}, see {@link #usages}; where layers
 * differ, {@code method:n0,n1,...} has one number for each.
 *
 * <p>Layers may have modes of their own: {@code exact,0-3=dense,28-31=cats:0.05} is {@code exact}
 * but for the first four layers and the last four. A mode of several layers takes one number or one
 * for each of them.
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
 * @param exceptions layers with modes of their own, ascending
 */
public record SparsityMode(String method, List<Float> parameters, List<LayerMode> exceptions) {
  private static final Pattern LAYERS = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  /**
   * By what the model offers: what its file was calibrated for, else its predictors, else its exact
   * zeros, else dense.
   */
  public static final SparsityMode AUTO = new SparsityMode(SelectionMethods.AUTO, List.of());

  /** Every neuron. */
  public static final SparsityMode DENSE = new SparsityMode(SelectionMethods.DENSE, List.of());

  /**
   * The mode of some layers in a row.
   *
   * @param last at least {@code first}
   * @param mode without exceptions of its own
   */
  public record LayerMode(int first, int last, SparsityMode mode) {
    /**
     * @throws IllegalArgumentException if the layers or the mode cannot be an exception
     */
    public LayerMode {
      if (first < 0 || last < first) {
        throw new IllegalArgumentException(
            "layers %d-%d: expected the first and the last, counted from 0".formatted(first, last));
      }
      int count = last - first + 1;
      if (mode.method.equals(SelectionMethods.AUTO)) {
        throw new IllegalArgumentException(
            "layers %s: auto chooses for all layers; name a mode".formatted(range(first, last)));
      }
      if (!mode.exceptions.isEmpty()) {
        throw new IllegalArgumentException(
            "layers %s: their mode has exceptions of its own".formatted(range(first, last)));
      }
      if (mode.parameters.size() > 1 && mode.parameters.size() != count) {
        throw new IllegalArgumentException(
            "layers %s: found %d numbers, expected one or one for each of %d layers"
                .formatted(range(first, last), mode.parameters.size(), count));
      }
    }

    private static String range(int first, int last) {
      return first == last ? "" + first : first + "-" + last;
    }

    @Override
    public String toString() {
      return range(first, last) + "=" + mode;
    }
  }

  /**
   * @throws IllegalArgumentException if the method is unknown, the numbers do not fit it or a layer
   *     has two modes of its own
   */
  public SparsityMode {
    parameters = List.copyOf(parameters);
    exceptions = exceptions.stream().sorted(Comparator.comparingInt(LayerMode::first)).toList();
    if (InputMethods.knows(method)) {
      InputMethods.check(method, parameters);
    } else if (SelectionMethods.knows(method)) {
      SelectionMethods.check(method, parameters);
    } else {
      throw new IllegalArgumentException(
          "sparsity \"%s\" is unknown; known are %s"
              .formatted(method, String.join(", ", usages())));
    }
    for (int i = 1; i < exceptions.size(); i++) {
      if (exceptions.get(i).first() <= exceptions.get(i - 1).last()) {
        throw new IllegalArgumentException(
            "layer %d has two modes, %s and %s; give it one"
                .formatted(exceptions.get(i).first(), exceptions.get(i - 1), exceptions.get(i)));
      }
    }
  }

  /**
   * One mode for all layers.
   *
   * @throws IllegalArgumentException if the method is unknown or the numbers do not fit it
   */
  public SparsityMode(String method, List<Float> parameters) {
    this(method, parameters, List.of());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the method is unknown, the numbers do not fit it or the
   *     layers are not as they should be
   */
  public static SparsityMode parse(String text) {
    // Commas separate numbers as well as layers; only layers have an equals sign.
    List<String> parts = new ArrayList<>();
    for (String piece : text.split(",", -1)) {
      if (parts.isEmpty() || piece.contains("=")) {
        parts.add(piece);
      } else if (piece.matches("\\s*[a-zA-Z].*") && !piece.matches("inf|NaN")) {
        throw new IllegalArgumentException(
            "sparsity %s: \"%s\" names no layers; write it as FIRST-LAST=%s"
                .formatted(text, piece, piece.strip()));
      } else {
        parts.set(parts.size() - 1, parts.getLast() + "," + piece);
      }
    }
    if (parts.getFirst().contains("=")) {
      throw new IllegalArgumentException(
          "sparsity %s: expected the mode of all other layers first, as in exact,%s"
              .formatted(text, text));
    }
    SparsityMode all = one(text, parts.getFirst().strip());
    List<LayerMode> exceptions = new ArrayList<>();
    for (String part : parts.subList(1, parts.size())) {
      exceptions.add(exception(text, part));
    }
    return new SparsityMode(all.method, all.parameters, exceptions);
  }

  private static LayerMode exception(String text, String part) {
    int equals = part.indexOf('=');
    Matcher layers = LAYERS.matcher(part.substring(0, equals).strip());
    if (!layers.matches()) {
      throw new IllegalArgumentException(
          "sparsity %s: \"%s\" is no layer or range of layers such as 0-3"
              .formatted(text, part.substring(0, equals).strip()));
    }
    int first = Integer.parseInt(layers.group(1));
    int last = layers.group(2) == null ? first : Integer.parseInt(layers.group(2));
    return new LayerMode(first, last, one(text, part.substring(equals + 1).strip()));
  }

  private static SparsityMode one(String text, String part) {
    int colon = part.indexOf(':');
    String name = colon < 0 ? part : part.substring(0, colon);
    List<Float> numbers = new ArrayList<>();
    if (colon >= 0) {
      for (String number : part.substring(colon + 1).split(",", -1)) {
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

  /** Whether any layer is computed with a method. */
  public boolean uses(String name) {
    return method.equals(name)
        || exceptions.stream().anyMatch(exception -> exception.mode.method.equals(name));
  }

  /** Whether all layers have the same mode. */
  public boolean isUniform() {
    return exceptions.isEmpty();
  }

  /** The same exceptions from another mode. */
  SparsityMode withMethod(String name, List<Float> numbers) {
    return new SparsityMode(name, numbers, exceptions);
  }

  /**
   * The method of each layer, with at most one number.
   *
   * @throws IllegalArgumentException if the model has not as many layers as the mode speaks of
   */
  List<ResolvedMethod> byLayer(int layers) {
    if (parameters.size() > 1 && parameters.size() != layers) {
      throw new IllegalArgumentException(
          "%s: found %d numbers, expected one or one for each of %d layers"
              .formatted(method, parameters.size(), layers));
    }
    List<ResolvedMethod> methods = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      methods.add(numbered(layer));
    }
    for (LayerMode exception : exceptions) {
      if (exception.last >= layers) {
        throw new IllegalArgumentException(
            "sparsity %s: the model has layers 0 to %d".formatted(exception, layers - 1));
      }
      for (int layer = exception.first; layer <= exception.last; layer++) {
        methods.set(layer, exception.mode.numbered(layer - exception.first));
      }
    }
    return methods;
  }

  private ResolvedMethod numbered(int place) {
    List<Float> own = parameters.size() > 1 ? parameters.subList(place, place + 1) : parameters;
    return new ResolvedMethod(method, own);
  }

  @Override
  public String toString() {
    String numbers = parameters.stream().map(String::valueOf).collect(Collectors.joining(","));
    String all = parameters.isEmpty() ? method : method + ":" + numbers;
    return Stream.concat(Stream.of(all), exceptions.stream().map(LayerMode::toString))
        .collect(Collectors.joining(","));
  }
}
