package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparsityModeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto",
        "dense",
        "exact",
        "cats",
        "cats:0.25",
        "cats:0.05,0.08",
        "predictor",
        "predictor:-1.5",
        "sign",
        "sign:1.5",
        "topk:32.0",
        "reuse:16.0",
        "griffin:0.5",
        "teal",
        "teal:0.1,0.2",
        "wina:0.6",
        "r-sparse",
        "exact,3=dense",
        "exact,0-3=dense,28-31=cats:0.05",
        "cats:0.1,0.2,0=exact,1=cats:0.5",
        "dense,0-1=cats:0.1,0.2,4-5=teal:0.3"
      })
  void textIsReadAndWritten(String text) {
    assertThat(SparsityMode.parse(text).toString()).isEqualTo(text);
  }

  @Test
  void infinitiesAndTheMixedPredictorHaveShortNames() {
    assertThat(SparsityMode.parse("predictor:-inf"))
        .isEqualTo(new SparsityMode("predictor", List.of(Float.NEGATIVE_INFINITY)));
    assertThat(SparsityMode.parse("predictor+exact:0.5"))
        .isEqualTo(new SparsityMode("predictor", List.of(0.5f)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exact:1   | exact: found 1 numbers, expected no number",
        "dense:1   | dense: takes no number",
        "cats:x    | sparsity cats:x: \"x\" is not a number",
        "cats:     | sparsity cats:: \"\" is not a number",
        "cats:-1   | cats[:T]: T is -1.0, expected a number of 0 or more",
        "cats:NaN  | cats[:T]: T is NaN, expected a number of 0 or more",
        "predictor:NaN | predictor[:T]: T is NaN, expected a number or an infinity",
        "topk      | topk:K: K is missing, expected a whole number of 1 or more",
        "topk:2.5  | topk:K: K is 2.5, expected a whole number of 1 or more",
        "topk:1,2  | topk:K: found 2 numbers, expected a whole number of 1 or more",
        "reuse:0   | reuse:GAMMA: GAMMA is 0.0, expected a whole number of 1 or more",
        "griffin:2 | griffin[:FRACTION]: FRACTION is 2.0, expected a number above 0 and at most 1",
        "sign:0    | sign[:ALPHA]: ALPHA is 0.0, expected a number above 0",
        "teal:-1  | teal[:T]: T is -1.0, expected a number of 0 or more",
        "wina:0   | wina[:KEEP]: KEEP is 0.0, expected a number above 0 and at most 1",
        "0-3=dense | sparsity 0-3=dense: expected the mode of all other layers first, as in"
            + " exact,0-3=dense",
        "exact,dense | sparsity exact,dense: \"dense\" names no layers; write it as"
            + " FIRST-LAST=dense",
        "exact,x=dense | sparsity exact,x=dense: \"x\" is no layer or range of layers such as 0-3",
        "exact,3-1=dense | layers 3-1: expected the first and the last, counted from 0",
        "exact,0-3=dense,2=cats:1 | layer 2 has two modes, 0-3=dense and 2=cats:1.0; give it one",
        "exact,0=auto | layers 0: auto chooses for all layers; name a mode",
        "exact,0-2=cats:1,2 | layers 0-2: found 2 numbers, expected one or one for each of 3"
            + " layers",
        "exact,1=cats:-1 | cats[:T]: T is -1.0, expected a number of 0 or more",
        "r-sparse:1 | r-sparse: found 1 numbers, expected no number",
        "spars     | sparsity \"spars\" is unknown; known are auto, dense, exact, cats[:T], "
            + "predictor[:T], sign[:ALPHA], topk:K, reuse:GAMMA, griffin[:FRACTION], teal[:T], "
            + "wina[:KEEP], r-sparse"
      })
  void badTextIsExplained(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparsityMode.parse(text))
        .withMessage(message);
  }

  @Test
  void exceptionsAreOrdered() {
    assertThat(SparsityMode.parse("exact, 5 = dense, 0-1=cats:0.1").toString())
        .isEqualTo("exact,0-1=cats:0.1,5=dense");
    assertThat(SparsityMode.parse("exact,1=griffin:0.5").uses("griffin")).isTrue();
    assertThat(SparsityMode.parse("exact,1=griffin:0.5").uses("cats")).isFalse();
  }
}
