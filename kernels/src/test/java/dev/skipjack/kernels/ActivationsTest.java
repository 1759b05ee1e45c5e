package dev.skipjack.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ActivationsTest {
  @Test
  void aNarrowedViewSharesTheStorageInShorterRows() {
    Activations wide = new Activations(3, 100);
    Activations narrow = wide.narrowed(33);

    assertThat(narrow.tokens()).isEqualTo(3);
    assertThat(narrow.cols()).isEqualTo(33);
    assertThat(narrow.blocks()).isEqualTo(2);
    assertThat(narrow.values()).isSameAs(wide.values());
    assertThat(narrow.quants()).isSameAs(wide.quants());
    assertThat(wide.narrowed(100)).isSameAs(wide);
  }

  @Test
  void aViewCannotBeWider() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Activations(3, 100).narrowed(101))
        .withMessage("width: found 101, expected 0 to 100");
  }
}
