package dev.skipjack.kernels.activation;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * An elementwise activation with parameters, and its textbook formula in double.
 *
 * @param terms sum of the absolute values that the formula adds up: where they cancel, no float
 *     implementation can be closer than a few roundings of this; zero where nothing cancels
 * @param limit largest magnitude of a finite input for which no intermediate float overflows
 */
record ActivationCase(
    String name,
    float[] parameters,
    DoubleUnaryOperator exact,
    DoubleUnaryOperator terms,
    float limit) {
  private static final DoubleUnaryOperator NO_CANCELLATION = x -> 0;

  static List<ActivationCase> all() {
    return List.of(
        of("identity", x -> x),
        of("relu", x -> Math.max(0, x)),
        of("shifted_relu", x -> Math.max(0, x - 0.3f), 0.3f),
        of("shifted_relu", x -> Math.max(0, x + 1.5f), -1.5f),
        of("fatrelu", x -> x >= 0.01f ? x : 0, 0.01f),
        of("relu2", x -> x > 0 ? x * x : 0),
        of("silu", x -> x / (1 + Math.exp(-x))),
        of("silu", x -> x / (1 + Math.exp(-0.7f * x)), 0.7f),
        of("silu", x -> x / (1 + Math.exp(2.5 * x)), -2.5f),
        of("quick_gelu", x -> x / (1 + Math.exp(-1.702 * x))),
        of("gelu", x -> x * NormalDistribution.cdf(x)),
        of("gelu_pytorch_tanh", ActivationCase::tanhGelu),
        of("mish", x -> x * Math.tanh(x > 40 ? x : Math.log1p(Math.exp(x)))),
        of("softplus", x -> x > 40 ? x : Math.log1p(Math.exp(x))),
        of("softplus", x -> x > 40 ? x : Math.log1p(Math.exp(2.5 * x)) / 2.5, 2.5f),
        of("squareplus", x -> (x + Math.sqrt(x * x + 4)) / 2),
        of("squareplus", x -> (x + Math.sqrt(x * x + 0.25)) / 2, 0.25f),
        of("elu", x -> x > 0 ? x : Math.expm1(x)),
        of("elu", x -> x > 0 ? x : 0.3f * Math.expm1(x), 0.3f),
        of("selu", ActivationCase::selu),
        of("hardswish", x -> x * Math.min(Math.max(x + 3, 0), 6) / 6),
        of("smelu", x -> x <= -2 ? 0 : x >= 2 ? x : (x + 2) * (x + 2) / 8, 2),
        of("golu", x -> x * Math.exp(-Math.exp(-x))),
        of("atlu", x -> x * cauchyCdf(x)),
        of("xatlu", x -> x * (1.5 * cauchyCdf(x) - 0.25), 0.25f)
            .cancelling(x -> Math.abs(x) * (1.5 * cauchyCdf(x) + 0.25)),
        of("xgelu", x -> x * (1.5 * NormalDistribution.cdf(x) - 0.25), 0.25f)
            .cancelling(x -> Math.abs(x) * (1.5 * NormalDistribution.cdf(x) + 0.25)),
        of("xsilu", x -> x * (1.5 / (1 + Math.exp(-x)) - 0.25), 0.25f)
            .cancelling(x -> Math.abs(x) * (1.5 / (1 + Math.exp(-x)) + 0.25)),
        of("xielu", x -> xielu(x, 0.8f, 0.6f, 0.5), 0.8f, 0.6f, 0.5f, -1e-6f)
            .cancelling(x -> 0.8 * Math.abs(Math.expm1(Math.min(x, 0))) + 1.3 * Math.abs(x)),
        of("polyrelu", x -> cubic(0, 0.5, -0.25, 0.125, Math.max(0, x)), 0, 0.5f, -0.25f, 0.125f)
            .cancelling(x -> cubic(0, 0.5, 0.25, 0.125, Math.max(0, x))),
        of("polyrelu", x -> cubic(-0.5, 1, 1, 1, Math.max(0, x)), -0.5f, 1, 1, 1)
            .cancelling(x -> cubic(0.5, 1, 1, 1, Math.max(0, x))),
        of("aptx", x -> (1 + Math.tanh(x)) * x / 2),
        of("aptx", x -> (1.25 + Math.tanh(0.5 * x)) * 0.75 * x, 1.25f, 0.5f, 0.75f),
        of("crrelu", x -> crRelu(x, 0.01f)),
        of("crrelu", x -> crRelu(x, -0.5), -0.5f).cancelling(x -> 1.5 * Math.abs(x)),
        of("pau", ActivationCase::pau, PAU).cancelling(ActivationCase::pauTerms).below(1e6f));
  }

  private static final float[] PAU = {
    0.0625f, 0.5f, 0.75f, 0.25f, 0.125f, 0.03125f, 0.5f, -0.25f, 0.125f, 0.0625f
  };

  private static ActivationCase of(String name, DoubleUnaryOperator exact, float... parameters) {
    return new ActivationCase(name, parameters, exact, NO_CANCELLATION, Float.MAX_VALUE);
  }

  private ActivationCase cancelling(DoubleUnaryOperator terms) {
    return new ActivationCase(name, parameters, exact, terms, limit);
  }

  private ActivationCase below(float limit) {
    return new ActivationCase(name, parameters, exact, terms, limit);
  }

  private static double tanhGelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static double selu(double x) {
    return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
  }

  /** For large negative x the textbook sum loses all its digits, so use atan(x) + atan(1/x). */
  private static double cauchyCdf(double x) {
    return x < -1 ? -Math.atan(1 / x) / Math.PI : Math.atan(x) / Math.PI + 0.5;
  }

  private static double xielu(double x, double alphaN, double alphaP, double beta) {
    return x > 0
        ? alphaP * x * x + beta * x
        : alphaN * (Math.expm1(Math.min(x, -1e-6f)) - x) + beta * x;
  }

  private static double cubic(double a0, double a1, double a2, double a3, double x) {
    return a0 + a1 * x + a2 * x * x + a3 * x * x * x;
  }

  private static double crRelu(double x, double epsilon) {
    return Math.max(0, x) + epsilon * x * Math.exp(-x * x / 2);
  }

  private static double pau(double x) {
    double p = 0;
    double q = 0;
    for (int i = 0; i <= 5; i++) {
      p += PAU[i] * Math.pow(x, i);
    }
    for (int i = 1; i <= 4; i++) {
      q += PAU[5 + i] * Math.pow(x, i);
    }
    return p / (1 + Math.abs(q));
  }

  private static double pauTerms(double x) {
    double p = 0;
    double sum = 0;
    double signed = 0;
    for (int i = 0; i <= 5; i++) {
      p += Math.abs(PAU[i] * Math.pow(x, i));
    }
    for (int i = 1; i <= 4; i++) {
      signed += PAU[5 + i] * Math.pow(x, i);
      sum += Math.abs(PAU[5 + i] * Math.pow(x, i));
    }
    double q = 1 + Math.abs(signed);
    return p / q + Math.abs(pau(x)) * sum / q;
  }

  /** The largest error that passes: the tolerance of float, plus four roundings of what cancels. */
  double tolerance(double x) {
    double relative = 1e-6 * Math.abs(exact.applyAsDouble(x));
    return Math.max(1e-7, relative) + 4 * 0x1p-24 * terms.applyAsDouble(x);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(parameters);
  }
}
