package dev.skipjack.kernels.scalar;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;

/** Plain loops. Sums over a whole range are kept in double where that costs little. */
public final class ScalarFloatKernels implements FloatKernels {
  @Override
  public float dot(float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    // Four sums, because one would wait for the latency of every addition.
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int whole = length & -4;
    for (int i = 0; i < whole; i += 4) {
      sum0 += x[xOffset + i] * y[yOffset + i];
      sum1 += x[xOffset + i + 1] * y[yOffset + i + 1];
      sum2 += x[xOffset + i + 2] * y[yOffset + i + 2];
      sum3 += x[xOffset + i + 3] * y[yOffset + i + 3];
    }
    for (int i = whole; i < length; i++) {
      sum0 += x[xOffset + i] * y[yOffset + i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  @Override
  public void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += a * x[xOffset + i];
    }
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += x[xOffset + i];
    }
  }

  @Override
  public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] *= x[xOffset + i];
    }
  }

  @Override
  public void scale(float a, float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    for (int i = xOffset; i < xOffset + length; i++) {
      x[i] *= a;
    }
  }

  @Override
  public void addProduct(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      float[] c,
      int cOffset,
      int rows,
      int inner,
      int cols) {
    checkProduct(a, aOffset, aStride, b, bOffset, c, cOffset, rows, inner, cols);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < inner; k++) {
        float factor = a[aOffset + r * aStride + k];
        for (int j = 0; j < cols; j++) {
          c[cOffset + r * cols + j] += factor * b[bOffset + k * cols + j];
        }
      }
    }
  }

  /** Checks the ranges of {@link #addProduct}. */
  public static void checkProduct(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      float[] c,
      int cOffset,
      int rows,
      int inner,
      int cols) {
    checkFromIndexSize(aOffset, rows == 0 ? 0 : (rows - 1) * aStride + inner, a.length);
    checkFromIndexSize(bOffset, inner * cols, b.length);
    checkFromIndexSize(cOffset, rows * cols, c.length);
  }

  @Override
  public void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float epsilon,
      float[] out,
      int outOffset,
      int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(0, length, weight.length);
    checkFromIndexSize(outOffset, length, out.length);
    float inverse = (float) (1 / Math.sqrt(squares(x, xOffset, length, 0) / length + epsilon));
    for (int i = 0; i < length; i++) {
      out[outOffset + i] = weight[i] * (x[xOffset + i] * inverse);
    }
  }

  @Override
  public void layerNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float epsilon,
      float[] out,
      int outOffset,
      int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(0, length, weight.length);
    checkFromIndexSize(0, bias.length == 0 ? 0 : length, bias.length);
    checkFromIndexSize(outOffset, length, out.length);
    double sum = 0;
    for (int i = xOffset; i < xOffset + length; i++) {
      sum += x[i];
    }
    double mean = sum / length;
    double inverse = 1 / Math.sqrt(squares(x, xOffset, length, mean) / length + epsilon);
    for (int i = 0; i < length; i++) {
      float shift = bias.length == 0 ? 0 : bias[i];
      out[outOffset + i] = weight[i] * (float) ((x[xOffset + i] - mean) * inverse) + shift;
    }
  }

  @Override
  public float max(float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    float max = Float.NEGATIVE_INFINITY;
    for (int i = xOffset; i < xOffset + length; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  @Override
  public float exponentials(float shift, float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    return (float) powers(shift, x, xOffset, length);
  }

  private static double powers(float shift, float[] x, int xOffset, int length) {
    double sum = 0;
    for (int i = xOffset; i < xOffset + length; i++) {
      x[i] = (float) Math.exp(x[i] - shift);
      sum += x[i];
    }
    return sum;
  }

  @Override
  public void softmax(float[] x, int xOffset, int length) {
    float max = max(x, xOffset, length);
    scale((float) (1 / powers(max, x, xOffset, length)), x, xOffset, length);
  }

  @Override
  public void softcap(float cap, float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    for (int i = xOffset; i < xOffset + length; i++) {
      x[i] = cap * (float) Math.tanh(x[i] / cap);
    }
  }

  @Override
  public void rotate(
      float[] x,
      int xOffset,
      float[] cos,
      float[] sin,
      int tableOffset,
      int pairs,
      boolean halves) {
    checkFromIndexSize(xOffset, 2 * pairs, x.length);
    checkFromIndexSize(tableOffset, pairs, cos.length);
    checkFromIndexSize(tableOffset, pairs, sin.length);
    int stride = halves ? 1 : 2;
    int partner = halves ? pairs : 1;
    for (int i = 0; i < pairs; i++) {
      int at = xOffset + stride * i;
      float a = x[at];
      float b = x[at + partner];
      float c = cos[tableOffset + i];
      float s = sin[tableOffset + i];
      x[at] = a * c - b * s;
      x[at + partner] = a * s + b * c;
    }
  }

  @Override
  public int argmax(float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    if (length == 0) {
      throw new IllegalArgumentException("argmax of an empty range");
    }
    int best = 0;
    for (int i = 1; i < length; i++) {
      float value = x[xOffset + i];
      float leader = x[xOffset + best];
      if (value > leader || Float.isNaN(leader) && !Float.isNaN(value)) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public void quantize(Activations activations, int fromToken, int toToken) {
    checkFromToIndex(fromToken, toToken, activations.tokens());
    for (int token = fromToken; token < toToken; token++) {
      quantizeBlocks(activations, token, 0, activations.blocks());
      activations.quantized(token);
    }
  }

  @Override
  public void quantizeBlocks(Activations activations, int token, int fromBlock, int toBlock) {
    checkIndex(token, activations.tokens());
    checkFromToIndex(fromBlock, toBlock, activations.blocks());
    for (int block = fromBlock; block < toBlock; block++) {
      Int8Quantizer.quantize(activations, token, block);
    }
  }

  private static double squares(float[] x, int xOffset, int length, double mean) {
    double sum = 0;
    for (int i = xOffset; i < xOffset + length; i++) {
      double deviation = x[i] - mean;
      sum += deviation * deviation;
    }
    return sum;
  }
}
