package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.calibration.CalibrationListener;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.inference.measure.TextWindows;
import dev.skipjack.inference.measure.TextWindows.Window;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Cut;
import dev.skipjack.inference.measure.sparsity.LayerProfile.Network;
import dev.skipjack.inference.measure.sparsity.SparsityProfile.Loss;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures how sparse a model is on a text. The text is run densely several times, since what would
 * be needed of the activations at once does not fit into memory: to see how large they are, for the
 * CETT of all candidate thresholds, and to see which neurons fire; then some twenty times with
 * thresholds for PPL-p%. Memory does not grow with the text, and nothing is sampled beyond what the
 * definitions ask for. Windows and scores are those of a perplexity.
 */
public final class SparsityMeasurement {
  private final WatchedModel model;
  private final SparsityOptions options;
  private final List<Window> windows;
  private final CalibrationListener listener;

  private SparsityMeasurement(
      WatchedModel model,
      SparsityOptions options,
      List<Window> windows,
      CalibrationListener listener) {
    this.model = model;
    this.options = options;
    this.windows = windows;
    this.listener = listener;
  }

  /**
   * Measures.
   *
   * @throws IllegalArgumentException if the text is shorter than a window, the window longer than
   *     the model's context, or the selection method cannot serve the model
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static SparsityProfile measure(
      ModelFile file, String text, SparsityOptions options, CalibrationListener listener) {
    DecoderSpec spec =
        Architectures.describe(file, new DescribeOptions(options.activation(), options.context()));
    List<Window> windows = TextWindows.of(Checkpoints.tokenizer(file), text, options.windows());
    try (WatchedModel model = new WatchedModel(file, spec, options.threads())) {
      return new SparsityMeasurement(model, options, windows, listener).run();
    }
  }

  private SparsityProfile run() {
    // Whether the method serves the model is to be known before any work is done.
    Optional<FeedForwards> audited = options.selection().map(this::audited);
    phase("dense perplexity");
    double loss = model.loss(windows, advance());
    return specs().allMatch(layer -> layer.feedForward() instanceof Dense)
        ? networks(loss, audited)
        : mixture(loss);
  }

  private FeedForwards audited(SparsityMode mode) {
    return FeedForwards.audited(
        model.kernels(), model.spec(), model.file().metadata(), mode.method(), mode.parameters());
  }

  private void phase(String name) {
    listener.phase(name, windows.size());
  }

  private IntConsumer advance() {
    return done -> listener.advanced(1, "");
  }

  private Stream<LayerSpec> specs() {
    return model.spec().layers().stream();
  }

  private SparsityProfile mixture(double loss) {
    phase("activations of the experts");
    ExpertSurvey survey = new ExpertSurvey(model.spec().layers().size());
    model.watch(windows, survey, advance());
    List<LayerProfile> layers =
        specs()
            .map(
                layer ->
                    new LayerProfile(
                        WatchedModel.neurons(layer),
                        survey.layers().get(layer.index()),
                        Optional.empty()))
            .toList();
    return profile(loss, layers, Optional.empty(), Optional.empty());
  }

  private SparsityProfile networks(double denseLoss, Optional<FeedForwards> audited) {
    List<Dense> networks = specs().map(layer -> (Dense) layer.feedForward()).toList();
    try (NeuronOutputs outputs = new NeuronOutputs(model, networks)) {
      NeuronSurvey survey = new NeuronSurvey(outputs.norms(), tokens());
      analyze("activations", networks, survey);
      CettCurve curve = curve(networks, outputs, survey);
      float[] thresholds = new float[networks.size()];
      layers().forEach(layer -> thresholds[layer] = curve.threshold(layer, options.cett()));
      ActivityRecord activity = activity(networks, outputs, thresholds);
      Optional<LossSearch.Trial> trial = search(curve, outputs, denseLoss);
      List<SelectionQuality> selection = audited.map(this::audit).orElse(List.of());
      List<LayerProfile> profiles = new ArrayList<>();
      for (int layer = 0; layer < networks.size(); layer++) {
        int index = layer;
        Network network =
            new Network(
                new Cut(thresholds[layer], activity.strongDensity(layer)),
                trial.map(found -> new Cut(found.thresholds()[index], found.densities()[index])),
                activity.aggregated(layer).neverActive(),
                HotNeurons.of(activity.counts(layer)),
                selection.stream().skip(layer).findFirst());
        profiles.add(
            new LayerProfile(
                networks.get(layer).length(), survey.magnitudes(layer), Optional.of(network)));
      }
      Optional<Loss> loss = trial.map(found -> loss(found, denseLoss));
      HotNeurons hot = HotNeurons.of(layers().mapToObj(activity::counts).toList());
      return profile(denseLoss, profiles, loss, Optional.of(hot));
    }
  }

  private void analyze(String phase, List<Dense> networks, NeuronAnalysis analysis) {
    phase(phase);
    List<Integer> lengths = networks.stream().map(Dense::length).toList();
    model.watch(
        windows, new NeuronWatcher(model.team(), lengths, model.chunk(), analysis), advance());
  }

  private CettCurve curve(List<Dense> networks, NeuronOutputs outputs, NeuronSurvey survey) {
    List<float[]> candidates = layers().mapToObj(survey::candidates).toList();
    CettCurve curve =
        new CettCurve(model.kernels().floats(), outputs.down(), outputs.norms(), candidates);
    analyze("CETT of all thresholds", networks, curve);
    return curve;
  }

  private ActivityRecord activity(List<Dense> networks, NeuronOutputs outputs, float[] thresholds) {
    List<float[]> strong =
        layers().mapToObj(layer -> outputs.onActivations(layer, thresholds[layer])).toList();
    List<float[]> firing =
        exactZeros() ? networks.stream().map(each -> new float[each.length()]).toList() : strong;
    ActivityRecord activity = new ActivityRecord(firing, strong, options.context());
    analyze("neurons that fire", networks, activity);
    return activity;
  }

  private Optional<LossSearch.Trial> search(
      CettCurve curve, NeuronOutputs outputs, double denseLoss) {
    if (options.lossPercent() == 0) {
      return Optional.empty();
    }
    listener.phase("search of a small loss", LossSearch.STEPS);
    LossSearch search = new LossSearch(model, windows, curve, outputs, denseLoss);
    return Optional.of(search.search(options.lossPercent(), advance()));
  }

  private List<SelectionQuality> audit(FeedForwards branches) {
    phase("selection by " + options.selection().orElseThrow());
    SelectionAudit audit = new SelectionAudit(model.spec().layers().size());
    try (branches) {
      model.watch(branches, windows, audit, advance());
    }
    return audit.layers();
  }

  private Loss loss(LossSearch.Trial trial, double denseLoss) {
    double density = layers().mapToDouble(layer -> trial.densities()[layer]).average().orElse(1);
    return new Loss(
        options.lossPercent(), trial.cett(), Math.exp(trial.loss() - denseLoss), density);
  }

  /** Whether every activation returns exact zeros. */
  private boolean exactZeros() {
    return specs().flatMap(SparsityMeasurement::networks).allMatch(this::exactZeros);
  }

  private static Stream<Dense> networks(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense -> Stream.of(dense);
      case MixtureOfExperts mixture -> mixture.experts().stream();
    };
  }

  private boolean exactZeros(Dense network) {
    Activation activation =
        model.kernels().activation(network.activation().name(), network.activation().parameters());
    return network.topK().isPresent() || activation.exactZeros();
  }

  private IntStream layers() {
    return IntStream.range(0, model.spec().layers().size());
  }

  private int tokens() {
    return windows.stream().mapToInt(window -> window.tokens().length).sum();
  }

  private SparsityProfile profile(
      double loss, List<LayerProfile> layers, Optional<Loss> small, Optional<HotNeurons> hot) {
    return new SparsityProfile(
        model.file().source(),
        "" + networks(model.spec().layers().getFirst()).findFirst().orElseThrow().activation(),
        options,
        windows.size(),
        tokens(),
        loss,
        exactZeros(),
        layers,
        small,
        hot,
        options.selection());
  }
}
