package dev.skipjack.cli;

import dev.skipjack.inference.measure.Divergence;
import dev.skipjack.inference.measure.GenerationTrial;
import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.inference.measure.Spread;
import dev.skipjack.inference.measure.sparsity.HotNeurons;
import dev.skipjack.inference.measure.sparsity.LayerProfile;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Cut;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Network;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.util.Arrays;
import java.util.List;

/** What {@code skipjack sparsity} and comparisons found, for programs. */
final class SparsityJson {
  /** Fractions at which distributions are told. */
  private static final List<Double> FRACTIONS =
      List.of(0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0);

  private static final List<Double> HOT = List.of(0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8);

  private SparsityJson() {}

  static void write(Json json, SparsityFindings findings) {
    SparsityProfile profile = findings.profile();
    json.field("model", profile.source())
        .field("activation", profile.activation())
        .field("text", findings.textName())
        .field("context", profile.options().context())
        .field("windows", profile.windows())
        .field("tokens", profile.tokens())
        .field("ppl", profile.perplexity())
        .field("exact_zeros", profile.exactZeros())
        .field("mixture", profile.mixture())
        .field("zero_rate", profile.zeroRate())
        .field("cett", profile.options().cett());
    if (!profile.mixture()) {
      json.field("cett_density", profile.mean(network -> network.cett().density()))
          .object("ppl_loss", profile.loss(), SparsityJson::loss)
          .numbers("never_active", boxed(profile.neverActive()))
          .numbers("never_active_if_independent", boxed(profile.neverActiveIfIndependent()))
          .object("hot", profile.hot(), SparsityJson::hot)
          .object(
              "selection",
              profile.selectionQuality(),
              (object, quality) -> {
                object.field("mode", "" + profile.selection().orElseThrow());
                selection(object, quality);
              });
    }
    json.objects("layers", profile.layers(), SparsityJson::layer)
        .object(
            "read",
            read -> {
              read.field("mode", findings.mode());
              trial(read, findings.trial());
            })
        .objects("modes", findings.modes(), SparsityJson::mode);
  }

  private static void loss(Json json, SparsityProfile.Loss loss) {
    json.field("percent", loss.percent())
        .field("density", loss.density())
        .field("cett", loss.cett())
        .field("ppl_ratio", loss.ratio());
  }

  private static void hot(Json json, HotNeurons hot) {
    json.numbers("fractions", HOT)
        .numbers("shares", HOT.stream().map(hot::share).toList())
        .field("neurons_for_80_percent", hot.neededFor(0.8));
  }

  private static void layer(Json json, LayerProfile layer) {
    json.field("neurons", layer.neurons())
        .field("zero_rate", layer.zeroRate())
        .numbers("cdf_fractions", FRACTIONS)
        .numbers(
            "cdf_magnitudes",
            FRACTIONS.stream().map(f -> (double) layer.magnitudes().quantile(f)).toList());
    layer.network().ifPresent(network -> network(json, network));
  }

  private static void network(Json json, Network network) {
    json.object("cett", cut -> cut(cut, network.cett()))
        .object("ppl_loss", network.loss(), SparsityJson::cut)
        .numbers("never_active", boxed(network.neverActive()))
        .object("hot", hot -> hot(hot, network.hot()))
        .object("selection", network.selection(), SparsityJson::selection);
  }

  private static void cut(Json json, Cut cut) {
    json.field("density", cut.density()).field("threshold", cut.threshold());
  }

  private static void selection(Json json, SelectionQuality quality) {
    json.field("recall", quality.recall())
        .field("precision", quality.precision())
        .field("selected", quality.selectedDensity())
        .field("active", quality.activeDensity());
  }

  private static void mode(Json json, ModeComparison.Result result) {
    json.field("mode", result.name())
        .object("divergence", object -> divergence(object, result.divergence()));
    trial(json, result.trial());
  }

  private static void trial(Json json, GenerationTrial trial) {
    json.field("density", trial.density())
        .field("input_density", trial.inputDensity())
        .field("bytes_per_token", trial.bytesPerToken())
        .field("ffn_bytes", trial.feedForwardBytes())
        .field("ffn_bytes_dense", trial.denseFeedForwardBytes())
        .field("attention_bytes", trial.attentionBytes())
        .field("attention_bytes_dense", trial.denseAttentionBytes())
        .field("model_sparsity", trial.modelSparsity())
        .field("tokens_per_second", trial.speed())
        .numbers("samples", trial.samples());
  }

  /** A comparison with dense. */
  static void divergence(Json json, Divergence divergence) {
    json.field("ppl", divergence.otherPerplexity())
        .field("ppl_dense", divergence.referencePerplexity())
        .field("ppl_ratio", divergence.perplexityRatio())
        .field("ppl_ratio_error", divergence.perplexityRatioError())
        .field("same_top", divergence.sameTop())
        .field("same_top_error", divergence.sameTopError())
        .field("tokens", divergence.tokens())
        .object("kld", kld -> spread(kld, divergence.kl()))
        .object("delta_p", delta -> spread(delta, divergence.probability()));
  }

  private static void spread(Json json, Spread spread) {
    json.field("mean", spread.mean())
        .field("mean_error", spread.error())
        .field("rms", spread.rootMeanSquare())
        .field("max", spread.largest())
        .field("p99_9", spread.quantile(0.999))
        .field("p99", spread.quantile(0.99))
        .field("p95", spread.quantile(0.95))
        .field("p90", spread.quantile(0.9))
        .field("median", spread.median())
        .field("p10", spread.quantile(0.1))
        .field("p5", spread.quantile(0.05))
        .field("p1", spread.quantile(0.01))
        .field("p0_1", spread.quantile(0.001))
        .field("min", spread.smallest());
  }

  private static Iterable<Double> boxed(double... values) {
    return Arrays.stream(values).boxed().toList();
  }
}
