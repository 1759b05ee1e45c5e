package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.PredictorJudge.Verdict;
import dev.skipjack.inference.calibration.PredictorStore.Finished;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec.Input;
import dev.skipjack.models.spec.SparseKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Trains an activation predictor for every layer, in PowerInfer's form (arXiv 2312.12456): {@code
 * blk.N.fc1.weight [rank x hidden]}, ReLU, {@code blk.N.fc2.weight [neurons x rank]} and a
 * threshold on raw logits. The target is the recall, held by the threshold; the rank of a layer
 * grows until the neurons computed for it are few enough. A layer is finished before the next
 * begins, and a run that is interrupted goes on from the finished ones.
 */
final class PredictorMethod implements CalibrationMethod {
  private static final double USUAL_RECALL = 0.99;

  /** Samples of a group of layers are kept in memory together up to this. */
  private static final long MOST_SAMPLE_BYTES = 1L << 30;

  /** More held-out logits than this are not kept. */
  private static final long MOST_HELD_OUT_LOGITS = 1L << 25;

  @Override
  public String name() {
    return "predictor";
  }

  @Override
  public String description() {
    return "low-rank networks that tell active neurons before their weights are read";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.fraction("of the active neurons to compute", USUAL_RECALL);
  }

  @Override
  public List<CalibrationSetting> settings() {
    return List.of(
        CalibrationSetting.choice(
            "input", "what predictors read, after or before the norm", "normed", "residual"),
        CalibrationSetting.choice(
            "hidden",
            "ReLU between the matrices, as PowerInfer has it, or nothing",
            "relu",
            "linear"),
        CalibrationSetting.count("rank", 1, 32, "the first rank tried, a multiple of 32"),
        CalibrationSetting.count("max-rank", 0, 0, "the last rank tried; 0 for the hidden size"),
        CalibrationSetting.number(
            "excess", 1, 1000, 1.5, "neurons computed for each active one that end the search"),
        CalibrationSetting.count("epochs", 0, 12, "most passes over the samples for a rank"),
        CalibrationSetting.count("patience", 1, 3, "passes without progress that end a rank"),
        CalibrationSetting.number("rate", 0, 1, 0.001, "the highest learning rate"),
        CalibrationSetting.choice("type", "of the stored matrices", "auto", "f16", "f32", "q8_0"));
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return Networks.refuseMixtures(spec).or(() -> Networks.refuseWithoutZeros(spec));
  }

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    PredictorStore store = new PredictorStore(run.workDirectory(), run.description());
    if (store.prepare()) {
      run.listener()
          .warning("model, text or settings changed since the interruption: starting over");
    }
    List<Integer> missing =
        run.layers().boxed().filter(layer -> store.find(layer).isEmpty()).toList();
    int done = run.spec().layers().size() - missing.size();
    if (done > 0) {
      run.listener().warning("going on after an interruption: %d layers are done".formatted(done));
    }
    int group = groupSize(run);
    for (int from = 0; from < missing.size(); from += group) {
      train(run, store, missing.subList(from, Math.min(missing.size(), from + group)));
    }
    return result(run, run.layers().mapToObj(store::find).map(Optional::orElseThrow).toList());
  }

  private static Input input(CalibrationRun run) {
    return Input.valueOf(run.settings().choice("input").toUpperCase(Locale.ROOT));
  }

  /** Layers whose samples fit into memory together, each with at least a fair number of them. */
  private static int groupSize(CalibrationRun run) {
    long tokens = CalibrationText.tokens(run.text().fitted());
    long layer = tokens * largestSample(run);
    return Math.clamp(MOST_SAMPLE_BYTES / Math.max(1, layer), 1, run.spec().layers().size());
  }

  private static long largestSample(CalibrationRun run) {
    return NeuronSamples.bytes(
        run.spec().config().hiddenSize(), run.spec().config().feedForwardLength());
  }

  private void train(CalibrationRun run, PredictorStore store, List<Integer> layers) {
    int hidden = run.spec().config().hiddenSize();
    List<Dense> networks = Networks.of(run.spec());
    long limit = Math.min(MOST_SAMPLE_BYTES / largestSample(run), Integer.MAX_VALUE / hidden);
    Map<Integer, NeuronSamples> fitted = new LinkedHashMap<>();
    Map<Integer, NeuronSamples> heldOut = new LinkedHashMap<>();
    for (int layer : layers) {
      int neurons = networks.get(layer).length();
      fitted.put(layer, new NeuronSamples(hidden, neurons, (int) limit));
      int judged = (int) Math.min(limit, MOST_HELD_OUT_LOGITS / neurons);
      heldOut.put(layer, new NeuronSamples(hidden, neurons, judged));
    }
    Input input = input(run);
    run.observe("collect", run.text().fitted(), new SampleRecorder(input, fitted));
    run.observe("collect", run.text().heldOut(), new SampleRecorder(input, heldOut));
    for (int layer : layers) {
      TensorType type = type(run, networks.get(layer));
      PredictorSearch search =
          new PredictorSearch(run, layer, fitted.get(layer), heldOut.get(layer), type);
      PredictorSearch.Found found = search.run();
      store.add(layer, found.weights(), found.verdict(), type);
      run.listener().detail(line(layer, found));
    }
  }

  private static String line(int layer, PredictorSearch.Found found) {
    Verdict verdict = found.verdict();
    return String.format(
        Locale.ROOT,
        "layer %d: rank %d, recall %.4f, precision %.3f, computes %.1f %% for %.1f %% active",
        layer,
        found.weights().rank(),
        verdict.recall(),
        verdict.precision(),
        100 * verdict.predicted(),
        100 * verdict.active());
  }

  /** As asked for; by itself as precise as the network: F16 beside floats, else Q8_0. */
  private static TensorType type(CalibrationRun run, Dense network) {
    return switch (run.settings().choice("type")) {
      case "f32" -> TensorType.F32;
      case "q8_0" -> fitting(run);
      case "auto" -> network.up().weight().type().isFloat() ? TensorType.F16 : fitting(run);
      default -> TensorType.F16;
    };
  }

  private static TensorType fitting(CalibrationRun run) {
    boolean fits = run.spec().config().hiddenSize() % TensorType.Q8_0.blockLength() == 0;
    return fits ? TensorType.Q8_0 : TensorType.F16;
  }

  private CalibrationResult result(CalibrationRun run, List<Finished> layers) {
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(SparseKeys.KIND, GgufValue.string(name()));
    keys.put(SparseKeys.THRESHOLD, numbers(layers, finished -> finished.verdict().threshold()));
    keys.put(SparseKeys.TARGET, GgufValue.f32(run.target()));
    keys.put(SparseKeys.ACHIEVED, numbers(layers, finished -> finished.verdict().recall()));
    keys.put(
        SparseKeys.PREDICTOR_PRECISION,
        numbers(layers, finished -> finished.verdict().precision()));
    keys.put(SparseKeys.PREDICTOR_INPUT, GgufValue.string(run.settings().choice("input")));
    keys.put(
        SparseKeys.PREDICTOR_HIDDEN_RELU,
        GgufValue.bool(run.settings().choice("hidden").equals("relu")));
    // PowerInfer has one threshold for all layers: the lowest loses nothing.
    keys.put(
        SparseKeys.POWERINFER_THRESHOLD,
        GgufValue.f32(
            layers.stream()
                .mapToDouble(finished -> finished.verdict().threshold())
                .min()
                .getAsDouble()));
    List<AddedTensor> tensors = new ArrayList<>();
    List<List<Double>> rows = new ArrayList<>();
    for (Finished layer : layers) {
      tensors.addAll(layer.tensors());
      Verdict verdict = layer.verdict();
      rows.add(
          List.of(
              (double) layer.rank(),
              (double) verdict.threshold(),
              verdict.recall(),
              verdict.precision(),
              verdict.predicted(),
              verdict.active()));
    }
    return new CalibrationResult(
        keys,
        tensors,
        new LayerTable(
            List.of("rank", "threshold", "recall", "precision", "computed", "active"), rows));
  }

  private static GgufValue numbers(List<Finished> layers, ToDoubleFunction<Finished> number) {
    return GgufValue.numbers(GgufType.F32, layers.stream().mapToDouble(number).toArray());
  }
}
