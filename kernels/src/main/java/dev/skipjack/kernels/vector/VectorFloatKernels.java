package dev.skipjack.kernels.vector;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.scalar.ScalarFloatKernels;

/** Checks ranges once and hands over to the kernels. */
final class VectorFloatKernels implements FloatKernels {
  @Override
  public float dot(float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    return Elementwise.dot(x, xOffset, y, yOffset, length);
  }

  @Override
  public void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    Elementwise.axpy(a, x, xOffset, y, yOffset, length);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    axpy(1, x, xOffset, y, yOffset, length);
  }

  @Override
  public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    checkFromIndexSize(yOffset, length, y.length);
    Elementwise.multiply(x, xOffset, y, yOffset, length);
  }

  @Override
  public void scale(float a, float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    Elementwise.scale(a, x, xOffset, length);
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
    ScalarFloatKernels.checkProduct(a, aOffset, aStride, b, bOffset, c, cOffset, rows, inner, cols);
    Products.add(a, aOffset, aStride, b, bOffset, c, cOffset, rows, inner, cols);
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
    float squares = Norms.squares(x, xOffset, length, 0);
    Norms.scaleInto(
        x, xOffset, weight, 0, inverse(squares, length, epsilon), out, outOffset, length);
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
    float mean = Norms.sum(x, xOffset, length) / length;
    float inverse = inverse(Norms.squares(x, xOffset, length, mean), length, epsilon);
    Norms.scaleInto(x, xOffset, weight, mean, inverse, out, outOffset, length);
    if (bias.length != 0) {
      Elementwise.axpy(1, bias, 0, out, outOffset, length);
    }
  }

  @Override
  public float max(float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    return Softmax.max(x, xOffset, length);
  }

  @Override
  public void maxima(
      float[] x, int xOffset, int xStride, int rows, int length, float[] out, int outOffset) {
    checkFromIndexSize(outOffset, rows, out.length);
    if (rows > 0) {
      checkFromIndexSize(xOffset, (rows - 1) * xStride + length, x.length);
    }
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      Softmax.maxOfFour(x, xOffset + r * xStride, xStride, length, out, outOffset + r);
    }
    for (; r < rows; r++) {
      out[outOffset + r] = Softmax.max(x, xOffset + r * xStride, length);
    }
  }

  @Override
  public float exponentials(float shift, float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    return Softmax.exponentials(x, xOffset, length, shift);
  }

  @Override
  public void softmax(float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    float max = Softmax.max(x, xOffset, length);
    float sum = Softmax.exponentials(x, xOffset, length, max);
    Elementwise.scale(1 / sum, x, xOffset, length);
  }

  @Override
  public void softcap(float cap, float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    Softmax.softcap(cap, x, xOffset, length);
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
    if (halves) {
      Rotation.halves(x, xOffset, cos, sin, tableOffset, pairs);
    } else {
      Rotation.neighbours(x, xOffset, cos, sin, tableOffset, pairs);
    }
  }

  /** Finds the largest value with vectors, then where it first stands. */
  @Override
  public int argmax(float[] x, int xOffset, int length) {
    checkFromIndexSize(xOffset, length, x.length);
    if (length == 0) {
      throw new IllegalArgumentException("argmax of an empty range");
    }
    return Softmax.firstIndexOf(Softmax.maxNumber(x, xOffset, length), x, xOffset, length);
  }

  @Override
  public void quantize(Activations activations, int fromToken, int toToken) {
    checkFromToIndex(fromToken, toToken, activations.tokens());
    for (int token = fromToken; token < toToken; token++) {
      Int8Blocks.quantize(activations, token, 0, activations.blocks());
      activations.quantized(token);
    }
  }

  @Override
  public void quantizeBlocks(Activations activations, int token, int fromBlock, int toBlock) {
    checkIndex(token, activations.tokens());
    checkFromToIndex(fromBlock, toBlock, activations.blocks());
    Int8Blocks.quantize(activations, token, fromBlock, toBlock);
  }

  private static float inverse(float sum, int length, float epsilon) {
    return (float) (1 / Math.sqrt((double) sum / length + epsilon));
  }
}
