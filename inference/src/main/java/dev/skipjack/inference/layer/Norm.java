package dev.skipjack.inference.layer;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.models.spec.NormSpec;

/** A normalisation bound to kernels. Immutable; workers share it. */
public final class Norm {
  private final FloatKernels floats;
  private final NormSpec.Kind kind;
  private final float[] weight;
  private final float[] bias;
  private final float epsilon;

  public Norm(FloatKernels floats, NormSpec spec) {
    this.floats = floats;
    this.kind = spec.kind();
    this.weight = spec.weight().toFloats();
    this.bias = spec.bias().map(tensor -> tensor.toFloats()).orElse(new float[0]);
    this.epsilon = spec.epsilon();
  }

  public int size() {
    return weight.length;
  }

  /** Normalises {@code x[xOffset .. + size)} into {@code out}, which may be {@code x}. */
  public void apply(float[] x, int xOffset, float[] out, int outOffset) {
    switch (kind) {
      case RMS -> floats.rmsNorm(x, xOffset, weight, epsilon, out, outOffset, weight.length);
      case LAYER ->
          floats.layerNorm(x, xOffset, weight, bias, epsilon, out, outOffset, weight.length);
    }
  }
}
