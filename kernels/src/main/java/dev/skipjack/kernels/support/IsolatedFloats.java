package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.isolation.Boundary;
import java.lang.invoke.MethodHandle;

/** Kernels over float arrays behind a {@link Boundary}. */
public final class IsolatedFloats implements FloatKernels {
  private final FloatKernels kernels;
  private final MethodHandle dot = Boundary.to(FloatKernels.class, "dot");
  private final MethodHandle axpy = Boundary.to(FloatKernels.class, "axpy");
  private final MethodHandle add = Boundary.to(FloatKernels.class, "add");
  private final MethodHandle multiply = Boundary.to(FloatKernels.class, "multiply");
  private final MethodHandle scale = Boundary.to(FloatKernels.class, "scale");
  private final MethodHandle addProduct = Boundary.to(FloatKernels.class, "addProduct");
  private final MethodHandle rmsNorm = Boundary.to(FloatKernels.class, "rmsNorm");
  private final MethodHandle layerNorm = Boundary.to(FloatKernels.class, "layerNorm");
  private final MethodHandle max = Boundary.to(FloatKernels.class, "max");
  private final MethodHandle maxima = Boundary.to(FloatKernels.class, "maxima");
  private final MethodHandle continueSoftmax = Boundary.to(FloatKernels.class, "continueSoftmax");
  private final MethodHandle exponentials = Boundary.to(FloatKernels.class, "exponentials");
  private final MethodHandle softmax = Boundary.to(FloatKernels.class, "softmax");
  private final MethodHandle softcap = Boundary.to(FloatKernels.class, "softcap");
  private final MethodHandle rotate = Boundary.to(FloatKernels.class, "rotate");
  private final MethodHandle argmax = Boundary.to(FloatKernels.class, "argmax");
  private final MethodHandle quantize = Boundary.to(FloatKernels.class, "quantize");
  private final MethodHandle quantizeBlocks = Boundary.to(FloatKernels.class, "quantizeBlocks");

  public IsolatedFloats(FloatKernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public float dot(float[] x, int xOffset, float[] y, int yOffset, int length) {
    try {
      return (float) dot.invokeExact(kernels, x, xOffset, y, yOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    try {
      axpy.invokeExact(kernels, a, x, xOffset, y, yOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    try {
      add.invokeExact(kernels, x, xOffset, y, yOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    try {
      multiply.invokeExact(kernels, x, xOffset, y, yOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void scale(float a, float[] x, int xOffset, int length) {
    try {
      scale.invokeExact(kernels, a, x, xOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
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
    try {
      addProduct.invokeExact(
          kernels, a, aOffset, aStride, b, bOffset, c, cOffset, rows, inner, cols);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
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
    try {
      rmsNorm.invokeExact(kernels, x, xOffset, weight, epsilon, out, outOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
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
    try {
      layerNorm.invokeExact(kernels, x, xOffset, weight, bias, epsilon, out, outOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public float max(float[] x, int xOffset, int length) {
    try {
      return (float) max.invokeExact(kernels, x, xOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void maxima(
      float[] x, int xOffset, int xStride, int rows, int length, float[] out, int outOffset) {
    try {
      maxima.invokeExact(kernels, x, xOffset, xStride, rows, length, out, outOffset);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void continueSoftmax(
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      int length,
      int firstRow,
      float[] maxima,
      float[] totals,
      float[] shrunk) {
    try {
      continueSoftmax.invokeExact(
          kernels, x, xOffset, xStride, rows, length, firstRow, maxima, totals, shrunk);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public float exponentials(float shift, float[] x, int xOffset, int length) {
    try {
      return (float) exponentials.invokeExact(kernels, shift, x, xOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void softmax(float[] x, int xOffset, int length) {
    try {
      softmax.invokeExact(kernels, x, xOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void softcap(float cap, float[] x, int xOffset, int length) {
    try {
      softcap.invokeExact(kernels, cap, x, xOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
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
    try {
      rotate.invokeExact(kernels, x, xOffset, cos, sin, tableOffset, pairs, halves);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public int argmax(float[] x, int xOffset, int length) {
    try {
      return (int) argmax.invokeExact(kernels, x, xOffset, length);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void quantize(Activations activations, int fromToken, int toToken) {
    try {
      quantize.invokeExact(kernels, activations, fromToken, toToken);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void quantizeBlocks(Activations activations, int token, int fromBlock, int toBlock) {
    try {
      quantizeBlocks.invokeExact(kernels, activations, token, fromBlock, toBlock);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
