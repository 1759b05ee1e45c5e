package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Feed-forward activations by number, one value at a time; the formulas and their sources are those
 * of {@code dev.skipjack.kernels.activation}. To add one: a number, and its line in {@link #at}.
 */
public final class Activations {
  public static final int IDENTITY = 0;
  public static final int RELU = 1;
  public static final int FATRELU = 2;
  public static final int RELU2 = 3;
  public static final int HARDSWISH = 4;
  public static final int SMELU = 5;
  public static final int GOLU = 6;
  public static final int POLYRELU = 7;
  public static final int SILU = 8;
  public static final int GELU = 9;
  public static final int GELU_TANH = 10;

  /** Where the threshold stands among the parameters: results up to it in magnitude become 0. */
  public static final int THRESHOLD = 0;

  /** Where the activation's own parameters begin. */
  public static final int FIRST_PARAMETER = 1;

  /** Length of the array of parameters. */
  public static final int PARAMETERS = 5;

  private Activations() {}

  static float at(int activation, float x, FloatArray parameters) {
    if (activation == RELU) {
      return TornadoMath.max(0f, x - parameters.get(FIRST_PARAMETER));
    }
    if (activation == FATRELU) {
      return x < parameters.get(FIRST_PARAMETER) ? 0 : x;
    }
    if (activation == RELU2) {
      float r = TornadoMath.max(0f, x);
      return r * r;
    }
    if (activation == HARDSWISH) {
      return x * TornadoMath.max(0f, TornadoMath.min(6f, x + 3)) / 6;
    }
    if (activation == SMELU) {
      float beta = parameters.get(FIRST_PARAMETER);
      float t = TornadoMath.max(x + beta, 0f);
      return x >= beta ? x : t * t / (4 * beta);
    }
    if (activation == GOLU) {
      return x * TornadoMath.exp(-TornadoMath.exp(-x));
    }
    if (activation == POLYRELU) {
      return polynomial(TornadoMath.max(0f, x), parameters);
    }
    if (activation == SILU) {
      return x * sigmoid(parameters.get(FIRST_PARAMETER) * x);
    }
    if (activation == GELU) {
      return x * normalCdf(x);
    }
    if (activation == GELU_TANH) {
      return x * sigmoid(x * (1.5957691216f + 0.0713548162726f * x * x));
    }
    return x;
  }

  private static float polynomial(float r, FloatArray parameters) {
    float sum = parameters.get(FIRST_PARAMETER + 3);
    sum = sum * r + parameters.get(FIRST_PARAMETER + 2);
    sum = sum * r + parameters.get(FIRST_PARAMETER + 1);
    return sum * r + parameters.get(FIRST_PARAMETER);
  }

  private static float sigmoid(float x) {
    return 1 / (1 + TornadoMath.exp(-x));
  }

  /** By Abramowitz and Stegun, 7.1.26: 1e-7 absolute. */
  private static float normalCdf(float x) {
    float z = TornadoMath.abs(x) * 0.70710678f;
    float t = 1 / (1 + 0.3275911f * z);
    float sum = 1.061405429f * t - 1.453152027f;
    sum = sum * t + 1.421413741f;
    sum = sum * t - 0.284496736f;
    sum = (sum * t + 0.254829592f) * t;
    float tail = 0.5f * sum * TornadoMath.exp(-z * z);
    return x < 0 ? tail : 1 - tail;
  }
}
