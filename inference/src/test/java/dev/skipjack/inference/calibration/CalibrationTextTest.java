package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class CalibrationTextTest {
  private static Tokenizer tokenizer() {
    try (SourceModel model = SourceModel.bundled()) {
      return Checkpoints.tokenizer(model.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyFifthWindowIsHeldOut() {
    Tokenizer tokenizer = tokenizer();
    CalibrationText text = CalibrationText.of(tokenizer, Calibrations.stories(), 16, 11 * 16 + 3);
    assertThat(text.fitted()).hasSize(9);
    assertThat(text.heldOut()).hasSize(2);
    assertThat(text.fitted())
        .allSatisfy(window -> assertThat(window[0]).isEqualTo(tokenizer.bos().getAsInt()));
  }

  @Test
  void twoWindowsAreEnough() {
    CalibrationText text = CalibrationText.of(tokenizer(), Calibrations.stories(), 64, 128);
    assertThat(text.fitted()).hasSize(1);
    assertThat(text.heldOut()).hasSize(1);
  }

  @Test
  void aShortTextIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationText.of(tokenizer(), "Once upon a time", 64, 0))
        .withMessageStartingWith("calibration text: found ")
        .withMessageContaining("expected at least 128, two windows of 64");
  }
}
