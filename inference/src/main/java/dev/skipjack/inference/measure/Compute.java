package dev.skipjack.inference.measure;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;

/**
 * What a model computes with.
 *
 * @param provider {@code scalar} or {@code vector}
 * @param vectorBits width of a vector register; 0 for scalar code
 */
public record Compute(String provider, int vectorBits, int threads) {
  public static Compute of(LanguageModel model) {
    return with(model.threads());
  }

  /** What a model would compute with, loaded without options. */
  public static Compute ofProcess() {
    return with(ThreadTeam.defaultThreads());
  }

  private static Compute with(int threads) {
    KernelProvider kernels = KernelProviders.get();
    return new Compute(kernels.name(), kernels.vectorBits(), threads);
  }
}
