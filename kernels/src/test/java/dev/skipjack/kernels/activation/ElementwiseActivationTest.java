package dev.skipjack.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseActivationTest {
  private static final float[] INPUTS = ActivationAccuracy.inputs(512);

  static List<ActivationCase> cases() {
    return ActivationCase.all();
  }

  private static Stream<Activation> both(ActivationCase expected) {
    return Stream.of(
        ActivationRegistry.scalar(expected.name(), expected.parameters()),
        ActivationRegistry.vector(expected.name(), expected.parameters()));
  }

  private static float valueAt(Activation activation, float x) {
    float[] value = {x};
    activation.apply(value, 0, 1);
    return value[0];
  }

  @Test
  void everyElementwiseActivationIsTested() {
    assertThat(cases().stream().map(ActivationCase::name).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            ActivationRegistry.names().stream().filter(n -> !n.equals("polynorm")).toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheFormula(ActivationCase expected) {
    assertThat(both(expected))
        .allSatisfy(
            activation -> {
              ActivationAccuracy.Worst worst =
                  ActivationAccuracy.worst(expected, activation, INPUTS);
              assertThat(worst.ratio()).as("%s: %s", activation, worst).isLessThanOrEqualTo(1);
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void keepsNaN(ActivationCase expected) {
    assertThat(both(expected)).allSatisfy(a -> assertThat(valueAt(a, Float.NaN)).isNaN());
  }

  /** The value at a huge number stands for the limit; formulas that subtract infinities are out. */
  @ParameterizedTest
  @MethodSource("cases")
  void anInfinityGivesTheLimit(ActivationCase expected) {
    for (float sign : new float[] {-1, 1}) {
      boolean undefined =
          expected.name().equals("pau") || expected.name().equals("atlu") && sign < 0;
      float limit = (float) expected.exact().applyAsDouble(sign * 1e100);
      assertThat(both(expected))
          .allSatisfy(
              activation -> {
                float found = valueAt(activation, sign * Float.POSITIVE_INFINITY);
                if (undefined) {
                  assertThat(found).isNaN();
                } else if (Float.isInfinite(limit)) {
                  assertThat(found).isEqualTo(limit);
                } else {
                  assertThat((double) found).isCloseTo(limit, within(1e-6));
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyLengthAndOffsetGivesTheSameValues(ActivationCase expected) {
    assertThat(both(expected))
        .allSatisfy(
            activation -> {
              float[] whole = new float[160];
              for (int i = 0; i < whole.length; i++) {
                whole[i] = (float) (7 * Math.sin(i));
              }
              float[] inputs = whole.clone();
              activation.apply(whole, 0, whole.length);
              for (int length = 0; length <= 130; length++) {
                int offset = length * 7 % 29;
                float[] part = inputs.clone();
                activation.apply(part, offset, length);
                float[] wanted = inputs.clone();
                System.arraycopy(whole, offset, wanted, offset, length);
                assertThat(Arrays.equals(part, wanted))
                    .as("%s, offset %d, length %d", activation, offset, length)
                    .isTrue();
              }
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void flatRegionsAreFlat(ActivationCase expected) {
    assertThat(both(expected))
        .allSatisfy(
            activation -> {
              assertThat(activation.exactZeros()).isEqualTo(activation.zeroBelow().isPresent());
              activation.flatBelow().ifPresent(t -> assertFlat(activation, (float) t));
            });
  }

  private static void assertFlat(Activation activation, float t) {
    float[] x = new float[4_000];
    x[0] = t;
    x[1] = Float.NEGATIVE_INFINITY;
    x[2] = -Float.MAX_VALUE;
    for (int i = 3; i < x.length; i++) {
      x[i] = i % 2 == 0 ? t - (float) Math.scalb(1.0, i / 40 - 60) : t - i * 0.01f;
    }
    activation.apply(x, 0, x.length);
    for (float y : x) {
      assertThat(y == activation.flatValue())
          .as("%s: %s at or below %s", activation, y, t)
          .isTrue();
    }
  }

  /** Tight: a little above the threshold the value is no longer the constant. */
  @ParameterizedTest
  @MethodSource("cases")
  void flatRegionsEndWhereTheySay(ActivationCase expected) {
    assertThat(both(expected))
        .allSatisfy(
            activation ->
                activation
                    .flatBelow()
                    .ifPresent(
                        t -> {
                          float above = valueAt(activation, (float) t + 0.3f);
                          assertThat(above).isNotEqualTo(activation.flatValue());
                        }));
  }

  @Test
  void exactZerosAreWhereTheFormulasHaveThem() {
    List<String> exact =
        Stream.of(
                zeros("relu"),
                zeros("shifted_relu", 0.5f),
                zeros("fatrelu", 0.01f),
                zeros("relu2"),
                zeros("hardswish"),
                zeros("smelu", 1.5f),
                zeros("golu"),
                zeros("polyrelu", 0, 1, 1, 1))
            .toList();
    assertThat(exact)
        .containsExactly(
            "relu 0.0",
            "shifted_relu 0.5",
            "fatrelu " + (double) Math.nextDown(0.01f),
            "relu2 0.0",
            "hardswish -3.0",
            "smelu -1.5",
            "golu -4.7",
            "polyrelu 0.0");
  }

  private static String zeros(String name, float... parameters) {
    Activation activation = ActivationRegistry.scalar(name, parameters);
    assertThat(activation.exactZeros()).isTrue();
    return name + " " + activation.zeroBelow().orElseThrow();
  }

  @Test
  void aConstantInsteadOfZeroIsExposed() {
    Activation activation = ActivationRegistry.scalar("polyrelu", 0.25f, 1, 1, 1);
    assertThat(activation.exactZeros()).isFalse();
    assertThat(activation.zeroBelow()).isEmpty();
    assertThat(activation.flatBelow()).hasValue(0);
    assertThat(activation.flatValue()).isEqualTo(0.25f);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusesRangesOutsideTheArray(ActivationCase expected) {
    assertThat(both(expected))
        .allSatisfy(
            activation -> {
              for (int[] range : new int[][] {{-1, 3}, {0, 101}, {90, 11}, {4, -1}}) {
                assertThatThrownBy(() -> activation.apply(new float[100], range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
              }
            });
  }
}
