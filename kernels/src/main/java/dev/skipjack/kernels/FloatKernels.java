package dev.skipjack.kernels;

import java.util.Arrays;

/**
 * Kernels over float arrays, each range given as (array, offset) with one shared length. Nothing
 * allocates. Ranges out of bounds are an {@link IndexOutOfBoundsException}.
 */
public interface FloatKernels {
  /** {@code sum x[i] y[i]}. */
  float dot(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code y[i] += a x[i]}. */
  void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code y[i] += x[i]}. */
  void add(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code y[i] *= x[i]}. */
  void multiply(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code x[i] *= a}. */
  void scale(float a, float[] x, int xOffset, int length);

  /**
   * Adds a product of dense matrices: {@code c [rows x cols] += a [rows x inner] b [inner x cols]}.
   * Every element adds its terms in the order of {@code inner}.
   *
   * @param aStride floats from a row of {@code a} to the next
   */
  void addProduct(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      float[] c,
      int cOffset,
      int rows,
      int inner,
      int cols);

  /** {@code out[i] = weight[i] x[i] / sqrt(mean(x^2) + epsilon)}; {@code out} may be {@code x}. */
  void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float epsilon,
      float[] out,
      int outOffset,
      int length);

  /**
   * {@code out[i] = weight[i] (x[i] - mean) / sqrt(variance + epsilon) + bias[i]}; {@code out} may
   * be {@code x}.
   *
   * @param bias empty for none
   */
  void layerNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float epsilon,
      float[] out,
      int outOffset,
      int length);

  /** The largest value; NaN if there is one; negative infinity for an empty range. */
  float max(float[] x, int xOffset, int length);

  /** {@code out[outOffset + r] = max(x[xOffset + r xStride ..])}: {@link #max} of some rows. */
  default void maxima(
      float[] x, int xOffset, int xStride, int rows, int length, float[] out, int outOffset) {
    for (int r = 0; r < rows; r++) {
      out[outOffset + r] = max(x, xOffset + r * xStride, length);
    }
  }

  /**
   * Goes on with softmaxes whose values arrive in parts, as in online softmax (Milakov and
   * Gimelshein, arXiv 1805.02867). For row {@code k = firstRow + r}, {@code maxima[k]} becomes the
   * largest value so far, the values of this part become {@code exp(x - maxima[k])}, {@code
   * totals[k]} the sum of all so far, and {@code shrunk[k]} what earlier results must be multiplied
   * with. Where everything so far is negative infinity, the values become 0.
   */
  default void continueSoftmax(
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      int length,
      int firstRow,
      float[] maxima,
      float[] totals,
      float[] shrunk) {
    maxima(x, xOffset, xStride, rows, length, shrunk, firstRow);
    for (int r = 0; r < rows; r++) {
      int k = firstRow + r;
      int at = xOffset + r * xStride;
      float before = maxima[k];
      float max = Math.max(before, shrunk[k]);
      shrunk[k] = 1;
      if (max == Float.NEGATIVE_INFINITY) {
        // Nothing to compare with yet: a later value decides whether these weigh anything.
        Arrays.fill(x, at, at + length, 0);
        continue;
      }
      if (max != before) {
        shrunk[k] = (float) Math.exp(before - max);
        maxima[k] = max;
      }
      totals[k] = totals[k] * shrunk[k] + exponentials(max, x, at, length);
    }
  }

  /** Replaces x by {@code exp(x - shift)} and returns the sum of the results. */
  float exponentials(float shift, float[] x, int xOffset, int length);

  /** Replaces x by {@code exp(x - max) / sum}; an empty range is left alone. */
  void softmax(float[] x, int xOffset, int length);

  /** {@code x[i] = cap tanh(x[i] / cap)}. */
  void softcap(float cap, float[] x, int xOffset, int length);

  /**
   * Rotates pairs: {@code (a, b) -> (a cos - b sin, a sin + b cos)} with {@code a = x[i], b = x[i +
   * pairs]} when halves, else {@code a = x[2 i], b = x[2 i + 1]}.
   *
   * @param cos {@code [pairs]} from {@code tableOffset}
   * @param sin {@code [pairs]} from {@code tableOffset}
   */
  void rotate(
      float[] x, int xOffset, float[] cos, float[] sin, int tableOffset, int pairs, boolean halves);

  /**
   * Index from {@code xOffset} of the largest value, the first among equals; NaN never wins against
   * a number.
   *
   * @throws IllegalArgumentException if the range is empty
   */
  int argmax(float[] x, int xOffset, int length);

  /**
   * Quantises rows {@code [fromToken, toToken)} of the activations to int8 blocks; see {@link
   * Activations}.
   */
  void quantize(Activations activations, int fromToken, int toToken);

  /**
   * Quantises blocks {@code [fromBlock, toBlock)} of one token, so that workers can share it.
   * Somebody must call {@link Activations#quantized} as well, before a barrier.
   */
  void quantizeBlocks(Activations activations, int token, int fromBlock, int toBlock);
}
