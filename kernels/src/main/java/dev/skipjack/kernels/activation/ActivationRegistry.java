package dev.skipjack.kernels.activation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Every activation by the names that Hugging Face configurations ({@code hidden_act}) and papers
 * use. Immutable, thread-safe.
 *
 * <p>Parameters are given in the order of {@link #parameters}. Where they have defaults they may be
 * left out, all together.
 */
public final class ActivationRegistry {
  private static final float SELU_ALPHA = 1.6732632423543772f;
  private static final float SELU_SCALE = 1.0507009873554805f;

  private static final List<Entry> ENTRIES =
      List.of(
          entry("identity", p -> new Identity()).alias("linear"),
          entry("relu", p -> new Relu(0)).alias("helu"),
          entry("shifted_relu", p -> new Relu(p[0])).takes("shift"),
          entry("fatrelu", p -> new FatRelu(p[0])).takes("threshold"),
          entry("relu2", p -> new SquaredRelu()).alias("relu_squared"),
          entry("silu", p -> new Silu(p[0])).alias("swish").takes("beta").defaults(1),
          entry("quick_gelu", p -> new Silu(1.702f)),
          entry("gelu", p -> new Gelu()).alias("gelu_python"),
          entry("gelu_pytorch_tanh", p -> new TanhGelu())
              .alias("gelu_new", "gelu_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate"),
          entry("mish", p -> new Mish()),
          entry("softplus", p -> new Softplus(p[0])).takes("beta").defaults(1),
          entry("squareplus", p -> new Squareplus(p[0])).takes("b").defaults(4),
          entry("elu", p -> new Elu(p[0], 1)).takes("alpha").defaults(1),
          entry("selu", p -> new Elu(SELU_ALPHA, SELU_SCALE)),
          entry("hardswish", p -> new HardSwish()).alias("hard_swish"),
          entry("smelu", p -> new SmeLu(p[0])).takes("beta"),
          entry("golu", p -> new GoLu()),
          entry("atlu", p -> new XAtlu(0)),
          entry("xatlu", p -> new XAtlu(p[0])).takes("alpha"),
          entry("xgelu", p -> new XGelu(p[0])).takes("alpha"),
          entry("xsilu", p -> new XSilu(p[0])).takes("alpha"),
          entry("xielu", p -> new XIelu(p[0], p[1], p[2], p[3]))
              .takes("alpha_n", "alpha_p", "beta", "eps"),
          entry("polyrelu", p -> new PolyRelu(p[0], p[1], p[2], p[3]))
              .takes("a0", "a1", "a2", "a3"),
          entry("polynorm", p -> new PolyNorm(p[0], p[1], p[2], p[3]))
              .takes("a0", "a1", "a2", "a3"),
          entry("aptx", p -> new Aptx(p[0], p[1], p[2]))
              .takes("alpha", "beta", "gamma")
              .defaults(1, 1, 0.5f),
          entry("crrelu", p -> new CrRelu(p[0])).takes("epsilon").defaults(0.01f),
          entry("pau", Pau::new).takes("a0", "a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3", "b4"));

  private static final Map<String, Entry> BY_NAME = byName();

  private ActivationRegistry() {}

  /**
   * The reference implementation, one value at a time.
   *
   * @throws IllegalArgumentException if the name is unknown or the parameters do not fit it
   */
  public static Activation scalar(String name, float... parameters) {
    Entry entry = find(name);
    return entry.build(parameters).scalar(entry.name());
  }

  /**
   * The Vector API implementation, of the processor's preferred width unless the system property
   * {@code skipjack.vector.bits} says 128, 256 or 512. Needs the module {@code
   * jdk.incubator.vector}.
   *
   * @throws IllegalArgumentException if the name is unknown or the parameters do not fit it
   */
  public static Activation vector(String name, float... parameters) {
    Entry entry = find(name);
    return entry.build(parameters).vector(entry.name());
  }

  /** Registered names, aliases not included, in a fixed order. */
  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /**
   * Names of an activation's parameters, in the order in which they are given.
   *
   * @throws IllegalArgumentException if the name is unknown
   */
  public static List<String> parameters(String name) {
    return find(name).parameters();
  }

  private static Entry find(String name) {
    Entry entry = BY_NAME.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "activation \"%s\" is unknown; known are %s"
              .formatted(name, String.join(", ", new TreeSet<>(BY_NAME.keySet()))));
    }
    return entry;
  }

  private static Map<String, Entry> byName() {
    Map<String, Entry> entries = new HashMap<>();
    for (Entry entry : ENTRIES) {
      entries.put(entry.name(), entry);
      entry.aliases().forEach(alias -> entries.put(alias, entry));
    }
    return Map.copyOf(entries);
  }

  private static Entry entry(String name, Function<float[], Definition> factory) {
    return new Entry(name, List.of(), List.of(), new float[0], factory);
  }

  private record Entry(
      String name,
      List<String> aliases,
      List<String> parameters,
      float[] defaults,
      Function<float[], Definition> factory) {
    Entry alias(String... names) {
      return new Entry(name, List.of(names), parameters, defaults, factory);
    }

    Entry takes(String... names) {
      return new Entry(name, aliases, List.of(names), defaults, factory);
    }

    Entry defaults(float... values) {
      return new Entry(name, aliases, parameters, values, factory);
    }

    Definition build(float[] given) {
      float[] values = given.length == 0 && defaults.length > 0 ? defaults : given.clone();
      if (values.length != parameters.size()) {
        throw new IllegalArgumentException(
            "activation %s takes %d parameters %s, found %d: %s"
                .formatted(
                    name, parameters.size(), parameters, given.length, Arrays.toString(given)));
      }
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "activation %s: %s is %s, not a finite number"
                  .formatted(name, parameters.get(i), values[i]));
        }
      }
      return factory.apply(values);
    }
  }
}
