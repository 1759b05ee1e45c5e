package dev.skipjack.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KernelProvidersTest {
  @Test
  void scalarIsAlwaysThere() {
    KernelProvider scalar = KernelProviders.create("scalar");
    assertThat(scalar.name()).isEqualTo("scalar");
    assertThat(scalar.vectorBits()).isZero();
  }

  @Test
  void anUnknownNameIsRefusedWithTheAcceptedOnes() {
    assertThatThrownBy(() -> KernelProviders.create("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("skipjack.provider=fast: expected auto, scalar or vector");
  }

  @Test
  void theDescriptionNamesProviderAndJdk() {
    assertThat(KernelProviders.describe())
        .startsWith(KernelProviders.get().name())
        .endsWith("JDK " + Runtime.version());
  }
}
