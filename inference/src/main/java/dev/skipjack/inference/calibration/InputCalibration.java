package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.CalibratedMaps.CalibratedMap;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the methods that leave out inputs of linear maps have in common: they find a threshold, and
 * perhaps low-rank factors, for every map, and are judged by what is left out of held-out text.
 */
abstract class InputCalibration implements CalibrationMethod {
  /** The column with the weights of a layer that are saved, low-rank parts counted. */
  static final String SPARSITY = "sparsity";

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.fraction("fraction of weights whose inputs are left out", 0.5);
  }

  @Override
  public boolean readsNeurons() {
    return false;
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return LayerWeight.refusal(spec);
  }

  /** Finds the rule of every map on the fitted windows. */
  abstract CalibratedMaps find(CalibrationRun run, MapTrials trials);

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    MapTrials trials = MapTrials.of(run, run.text().fitted());
    CalibratedMaps maps = find(run, trials);
    LayerTable table = judge(run, maps);
    Map<String, GgufValue> keys = new LinkedHashMap<>(maps.metadata());
    keys.put(SparseKeys.TARGET, GgufValue.f32(run.target()));
    keys.put(SparseKeys.ACHIEVED, GgufValue.numbers(GgufType.F32, table.column(SPARSITY)));
    List<AddedTensor> tensors =
        maps.maps().stream()
            .flatMap(map -> map.factors().stream())
            .flatMap(factors -> Stream.of(factors.u(), factors.v()))
            .map(InputCalibration::added)
            .toList();
    return new CalibrationResult(keys, tensors, table);
  }

  private static AddedTensor added(Tensor tensor) {
    return new AddedTensor(
        tensor.name(), tensor.type(), tensor.shape(), sink -> sink.write(tensor.data()));
  }

  /** The sparsity of every map on held-out text. */
  private static LayerTable judge(CalibrationRun run, CalibratedMaps maps) {
    MapTrials trials = MapTrials.of(run, run.text().heldOut());
    run.listener().phase("held-out text", 2);
    try (MapLoss loss = new MapLoss(trials, maps.rank())) {
      double dense = loss.measure();
      run.listener().advanced(1, "");
      for (CalibratedMap map : maps.maps()) {
        loss.maps().set(map.weight(), map.rule(), map.factors());
      }
      double sparse = loss.measure();
      run.listener().advanced(1, "");
      run.listener()
          .detail(
              "held-out perplexity: dense %.4f, %s %.4f"
                  .formatted(Math.exp(dense), maps.method(), Math.exp(sparse)));
      return loss.sparsity(maps::lowRankShare);
    }
  }
}
