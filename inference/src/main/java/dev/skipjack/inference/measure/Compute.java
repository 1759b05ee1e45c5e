package dev.skipjack.inference.measure;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;

/**
 * What a model computes with.
 *
 * @param provider {@code scalar} or {@code vector}
 * @param vectorBits width of a vector register; 0 for scalar code
 */
public record Compute(String provider, int vectorBits, int threads) {
  public static Compute of(LanguageModel model) {
    KernelProvider kernels = KernelProviders.get();
    return new Compute(kernels.name(), kernels.vectorBits(), model.threads());
  }
}
