package dev.skipjack.inference.calibration;

import dev.skipjack.inference.decoder.LayerPass;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.LinearRole.Input;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Goes through a model layer by layer with sequences computed densely, so that memory holds the
 * inputs of one layer only. Used by one thread.
 */
final class LayerSweep {
  /** Tokens that rules are tried on, unless one sequence is longer. */
  private static final int TRIED_TOKENS = 1024;

  /** The first of the maps that read an input tells what it is. */
  private static final Map<Input, LinearRole> FIRST_READERS = firstReaders();

  private final LayerPass pass;
  private final AdjustableMaps maps;
  private final List<float[]> before;
  private final List<float[]> after;
  private final int tokens;
  private final Runnable check;
  private Map<Input, InputSample> samples = Map.of();
  private int layer = -1;

  /**
   * @param windows token ids of each sequence
   * @param check throws when the work is to end early
   */
  LayerSweep(LayerPass pass, AdjustableMaps maps, List<int[]> windows, Runnable check) {
    this.check = check;
    this.pass = pass;
    this.maps = maps;
    this.after = new ArrayList<>(windows.stream().map(pass::embed).toList());
    this.before = new ArrayList<>(after.stream().map(float[]::clone).toList());
    this.tokens = windows.stream().mapToInt(window -> window.length).sum();
  }

  private static Map<Input, LinearRole> firstReaders() {
    Map<Input, LinearRole> readers = new EnumMap<>(Input.class);
    for (LinearRole role : LinearRole.values()) {
      readers.putIfAbsent(role.input(), role);
    }
    return readers;
  }

  /** Computes the next layer densely and samples what its maps read. */
  void advance() {
    layer++;
    Map<Input, InputSample> heard = new EnumMap<>(Input.class);
    for (LayerWeight weight : weights()) {
      heard.computeIfAbsent(
          weight.role().input(), input -> new InputSample(weight.inputs(), tokens));
    }
    maps.listen(
        (weight, x, count) -> {
          if (FIRST_READERS.get(weight.role().input()) == weight.role()) {
            heard.get(weight.role().input()).add(x, count);
          }
        });
    for (int i = 0; i < before.size(); i++) {
      check.run();
      System.arraycopy(after.get(i), 0, before.get(i), 0, before.get(i).length);
      pass.run(layer, before.get(i), 0, after.get(i));
    }
    maps.stopListening();
    samples = heard;
  }

  /** The weights of the layer at hand. */
  List<LayerWeight> weights() {
    return maps.weights().stream().filter(weight -> weight.layer() == layer).toList();
  }

  /** What a map of the layer at hand has read. */
  InputSample sample(LayerWeight weight) {
    return samples.get(weight.role().input());
  }

  /**
   * How far the rules set for the layer at hand move its output: the mean, over sequences and
   * hidden channels, of the Euclidean norm of the difference across the last quarter of the
   * positions. Inputs are masked in the second half of each sequence: the first stands for a
   * prompt, which is always dense. Takes the first sequences, some thousand tokens.
   */
  double error() {
    double sum = 0;
    long count = 0;
    int tried = 0;
    for (int i = 0; i < before.size() && (i == 0 || tried < TRIED_TOKENS); i++) {
      check.run();
      float[] dense = after.get(i);
      float[] sparse = new float[dense.length];
      int hidden = pass.hiddenSize();
      int positions = dense.length / hidden;
      tried += positions;
      pass.run(layer, before.get(i), positions / 2, sparse);
      for (int channel = 0; channel < hidden; channel++) {
        double squares = 0;
        for (int t = positions - positions / 4; t < positions; t++) {
          double difference = (double) dense[t * hidden + channel] - sparse[t * hidden + channel];
          squares += difference * difference;
        }
        sum += Math.sqrt(squares);
        count++;
      }
    }
    return sum / count;
  }
}
