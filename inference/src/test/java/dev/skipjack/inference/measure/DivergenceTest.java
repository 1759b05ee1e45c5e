package dev.skipjack.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivergenceTest {
  private static final String TEXT =
      "Once upon a time there was a little bird who lived in a big tree by the river. ".repeat(8);
  private static final PerplexityOptions WINDOWS = new PerplexityOptions(64, 0, 128, false);

  private static LanguageModel load(String mode) {
    return LanguageModel.bundled(
        LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode)));
  }

  private static double[] softmax(float[] logits) {
    double[] p = new double[logits.length];
    Arrays.setAll(p, i -> Math.exp(logits[i]));
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(value -> value / sum).toArray();
  }

  private static int best(double[] p) {
    int best = 0;
    for (int i = 1; i < p.length; i++) {
      best = p[i] > p[best] ? i : best;
    }
    return best;
  }

  @Test
  void isWhatTheDefinitionsSay() {
    try (LanguageModel dense = load("dense");
        LanguageModel sparse = load("topk:16");
        Session first = dense.newSession();
        Session second = sparse.newSession()) {
      int[] tokens = dense.tokenizer().encode(TEXT, SpecialTokens.PROMPT);
      double[] kl = new double[2 * 31];
      double[] change = new double[kl.length];
      double[] ratio = new double[kl.length];
      int same = 0;
      int at = 0;
      for (int window = 0; window < 2; window++) {
        int[] part = Arrays.copyOfRange(tokens, 64 * window, 64 * window + 64);
        part[0] = tokens[0];
        first.rewind(0);
        second.rewind(0);
        for (int t = 0; t + 1 < part.length; t++) {
          double[] p = softmax(first.evaluate(part[t]));
          double[] q = softmax(second.evaluate(part[t]));
          if (t < 32) {
            continue;
          }
          for (int i = 0; i < p.length; i++) {
            kl[at] += p[i] * Math.log(p[i] / q[i]);
          }
          change[at] = q[part[t + 1]] - p[part[t + 1]];
          ratio[at] = Math.log(p[part[t + 1]] / q[part[t + 1]]);
          same += best(p) == best(q) ? 1 : 0;
          at++;
        }
      }
      Divergence actual = Divergence.of(dense, sparse, TEXT, WINDOWS, (done, all, ppl) -> {});

      assertThat(actual.tokens()).isEqualTo(kl.length);
      assertThat(actual.kl().mean())
          .isCloseTo(Arrays.stream(kl).average().orElseThrow(), within(1e-4))
          .isGreaterThan(0.01);
      Arrays.sort(kl);
      assertThat(actual.kl().largest()).isCloseTo(kl[kl.length - 1], within(1e-3));
      assertThat(actual.kl().median()).isCloseTo((kl[30] + kl[31]) / 2, within(1e-3));
      assertThat(actual.probability().mean())
          .isCloseTo(Arrays.stream(change).average().orElseThrow(), within(1e-4));
      assertThat(actual.probability().rootMeanSquare())
          .isCloseTo(
              Math.sqrt(Arrays.stream(change).map(x -> x * x).average().orElseThrow()),
              within(1e-4));
      assertThat(actual.perplexityRatio())
          .isCloseTo(Math.exp(Arrays.stream(ratio).average().orElseThrow()), within(1e-3));
      assertThat(actual.sameTop()).isCloseTo((double) same / kl.length, within(0.04));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense", "exact", "teal:0"})
  void whatIsExactDoesNotDiverge(String mode) {
    try (LanguageModel dense = load("dense");
        LanguageModel other = load(mode)) {
      Divergence actual = Divergence.of(dense, other, TEXT, WINDOWS, (done, all, ppl) -> {});
      assertThat(actual.kl().largest()).isLessThan(1e-5);
      assertThat(actual.sameTop()).isEqualTo(1);
      assertThat(actual.perplexityRatio()).isCloseTo(1, within(1e-5));
    }
  }

  /** Griffin chooses by the prompt, which a text fed in batches is as a whole. */
  @Test
  void griffinIsSeenWhenTokensAreFedOneByOne() {
    try (LanguageModel dense = load("dense");
        LanguageModel griffin = load("griffin:0.3")) {
      assertThat(Divergence.of(dense, griffin, TEXT, WINDOWS, (d, a, p) -> {}).kl().mean())
          .isLessThan(1e-6);
      PerplexityOptions generated = WINDOWS.asGenerated();
      assertThat(Divergence.of(dense, griffin, TEXT, generated, (d, a, p) -> {}).kl().mean())
          .isGreaterThan(0.01);
      double batched = Perplexity.of(dense, TEXT, WINDOWS, (d, a, p) -> {}).nll();
      assertThat(Perplexity.of(dense, TEXT, generated, (d, a, p) -> {}).nll())
          .isCloseTo(batched, within(1e-4));
    }
  }

  @Test
  void spreadsAreInterpolated() {
    Spread spread = Spread.of(4, 1, 3, 2);
    assertThat(spread.mean()).isEqualTo(2.5);
    assertThat(spread.median()).isEqualTo(2.5);
    assertThat(spread.smallest()).isEqualTo(1);
    assertThat(spread.largest()).isEqualTo(4);
    assertThat(spread.quantile(1 / 6.0)).isCloseTo(1.5, within(1e-12));
    assertThat(spread.rootMeanSquare()).isCloseTo(Math.sqrt(30 / 4.0), within(1e-12));
    assertThat(spread.error()).isCloseTo(Math.sqrt(5 / 12.0), within(1e-12));
    assertThat(Spread.of(7).error()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of());
  }

  @Test
  void aGenerationCountsWhatItReads() {
    try (LanguageModel dense = load("dense");
        LanguageModel exact = load("exact")) {
      int[] tokens = Arrays.copyOf(dense.tokenizer().encode(TEXT, SpecialTokens.PROMPT), 32);
      GenerationTrial all = GenerationTrial.run(dense, tokens, 2);
      GenerationTrial some = GenerationTrial.run(exact, tokens, 1);

      assertThat(all.samples()).hasSize(2).allMatch(sample -> sample > 0);
      assertThat(all.density()).isEqualTo(1);
      assertThat(all.modelSparsity()).isZero();
      assertThat(some.density()).isBetween(0.02, 0.3);
      // Up is read whole, and of down as much as is active.
      assertThat(some.feedForwardBytes() / some.denseFeedForwardBytes()).isBetween(0.5, 0.85);
      assertThat(some.modelSparsity())
          .isCloseTo(
              1
                  - (some.feedForwardBytes() + some.attentionBytes())
                      / (all.feedForwardBytes() + all.attentionBytes()),
              within(1e-9));
      assertThat(all.bytesPerToken() - some.bytesPerToken())
          .isCloseTo(all.feedForwardBytes() - some.feedForwardBytes(), within(1.0));
      assertThat(some.plusSamplesOf(all).samples()).hasSize(3);
    }
  }
}
