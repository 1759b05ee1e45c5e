package dev.skipjack.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationRegistryTest {
  @ParameterizedTest
  @CsvSource({
    "linear, identity",
    "helu, relu",
    "relu_squared, relu2",
    "swish, silu",
    "gelu_python, gelu",
    "gelu_new, gelu_pytorch_tanh",
    "gelu_fast, gelu_pytorch_tanh",
    "hard_swish, hardswish"
  })
  void aliasesLeadToTheCanonicalName(String alias, String name) {
    assertThat(ActivationRegistry.scalar(alias)).isEqualTo(ActivationRegistry.scalar(name));
    assertThat(ActivationRegistry.vector(alias).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"silu, 1", "softplus, 1", "squareplus, 4", "elu, 1", "crrelu, 0.01"})
  void aParameterWithADefaultMayBeLeftOut(String name, float value) {
    assertThat(ActivationRegistry.scalar(name)).isEqualTo(ActivationRegistry.scalar(name, value));
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRegistry.scalar("rleu"))
        .withMessageContaining("\"rleu\" is unknown")
        .withMessageContaining("gelu_new, ")
        .withMessageContaining(" relu, ");
    assertThatIllegalArgumentException().isThrownBy(() -> ActivationRegistry.vector(""));
  }

  @Test
  void aWrongNumberOfParametersIsRefusedWithTheirNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRegistry.scalar("relu", 1))
        .withMessage("activation relu takes 0 parameters [], found 1: [1.0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRegistry.vector("fatrelu"))
        .withMessage("activation fatrelu takes 1 parameters [threshold], found 0: []");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRegistry.scalar("aptx", 1, 2))
        .withMessageContaining("[alpha, beta, gamma]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aParameterThatIsNoNumberIsRefused(float value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRegistry.scalar("fatrelu", value))
        .withMessageContaining("threshold is " + value);
  }

  @ParameterizedTest
  @CsvSource({"smelu, 0", "smelu, -1", "squareplus, 0", "squareplus, -4", "softplus, 0"})
  void aParameterOutsideTheFormulasDomainIsRefused(String name, float value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRegistry.scalar(name, value))
        .withMessageStartingWith(name);
  }

  @Test
  void parametersAreNamedInOrder() {
    assertThat(ActivationRegistry.parameters("relu")).isEmpty();
    assertThat(ActivationRegistry.parameters("xielu"))
        .containsExactly("alpha_n", "alpha_p", "beta", "eps");
  }

  @Test
  void parametersAreCopied() {
    float[] parameters = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    Activation activation = ActivationRegistry.scalar("pau", parameters);
    parameters[1] = 100;
    float[] x = {2};
    activation.apply(x, 0, 1);
    assertThat(x).containsExactly(2);
  }

  @Test
  void everyNameBuildsBothKinds() {
    for (ActivationCase c : ActivationCase.all()) {
      assertThat(ActivationRegistry.scalar(c.name(), c.parameters()).name()).isEqualTo(c.name());
      assertThat(ActivationRegistry.vector(c.name(), c.parameters()).name()).isEqualTo(c.name());
    }
  }
}
