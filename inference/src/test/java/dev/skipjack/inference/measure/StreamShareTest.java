package dev.skipjack.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamShareTest {
  @Test
  void aRoundIsComparedWithThePassesAroundIt() {
    StreamShare share = new StreamShare(List.of(40.0, 30.0, 20.0), List.of(60.0, 40.0, 20.0, 20.0));

    assertThat(share.rounds()).containsExactly(0.8, 1.0, 1.0);
    assertThat(share.median()).isEqualTo(1);
  }

  @Test
  void everyRoundHasTwoPasses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StreamShare(List.of(1.0), List.of(1.0)))
        .withMessageContaining("1 passes for 1 rounds");
    assertThatIllegalArgumentException().isThrownBy(() -> new StreamShare(List.of(), List.of(1.0)));
  }

  @Test
  void aModelAndTheStreamTakeTurns() {
    try (MemoryStream stream = new MemoryStream(1);
        LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(1))) {
      assertThatIllegalStateException().isThrownBy(stream::bandwidth);

      StreamShare share =
          StreamShare.measure(model, new ThroughputTest(Phase.GENERATION, 2, 3), stream, 2);

      assertThat(share.reads()).hasSize(2).allMatch(rate -> rate > 0);
      StreamingBandwidth bandwidth = stream.bandwidth();
      assertThat(bandwidth.passes()).hasSize(9).allMatch(rate -> rate > 0);
      assertThat(bandwidth.threads()).isEqualTo(1);
      assertThat(share.stream()).hasSize(3).isSubsetOf(bandwidth.passes());
    }
  }
}
