package dev.skipjack.bench.synthetic;

import dev.skipjack.inference.measure.NeuronActivity;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.Checkpoints;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Corrects the shifts of a written model until every layer has its density, measured by running
 * random tokens. A correction rewrites one norm weight per layer, and one piece of its predictor.
 */
final class DensityCalibration {
  /** Largest distance from the wanted density that is left alone. */
  private static final double TOLERANCE = 0.01;

  private static final int ROUNDS = 10;
  private static final int ACTIVATIONS = 1 << 18;
  private static final double SMALLEST_FRACTION = 1e-4;

  private final SyntheticModel model;
  private final DensityDesign design;
  private final Path file;
  private final int threads;
  private final float[] shifts;

  DensityCalibration(SyntheticModel model, Path file, int threads) {
    this.model = model;
    this.design = DensityDesign.of(model);
    this.file = file;
    this.threads = threads;
    this.shifts = new float[model.shape().layers()];
    for (int layer = 0; layer < shifts.length; layer++) {
      shifts[layer] = design.shift(layer);
    }
  }

  /**
   * Measures and corrects in turn.
   *
   * @return the last measurement, one fraction per layer
   * @throws IllegalStateException if the density cannot be reached
   */
  double[] run() throws IOException {
    double[] measured = measure();
    for (int round = 0; round < ROUNDS && !reached(measured); round++) {
      correct(measured);
      measured = measure();
    }
    if (!reached(measured)) {
      throw new IllegalStateException(
          "density: found %s by layer, expected %s; the model is too small for it"
              .formatted(Arrays.toString(measured), model.density().orElseThrow()));
    }
    return measured;
  }

  private double[] measure() {
    int count = Math.clamp(ACTIVATIONS / model.shape().feedForward(), 32, 512);
    int[] tokens =
        new SplittableRandom(model.seed())
            .ints(count, SyntheticVocabulary.FIRST_WORD, model.shape().vocabulary())
            .toArray();
    return NeuronActivity.measure(file, threads, tokens).layers();
  }

  private boolean reached(double[] measured) {
    double wanted = model.density().orElseThrow();
    return Arrays.stream(measured).allMatch(found -> Math.abs(found - wanted) <= TOLERANCE);
  }

  /** A Newton step per layer; the shift grows with |k|. */
  private void correct(double[] measured) throws IOException {
    double sign = Math.copySign(1, design.deviations());
    for (int layer = 0; layer < shifts.length; layer++) {
      double active = Math.clamp(measured[layer], SMALLEST_FRACTION, 1 - SMALLEST_FRACTION);
      double missing = design.deviations() - NormalDistribution.quantile(1 - active);
      shifts[layer] += (float) (sign * missing * design.shiftPerDeviation(layer));
    }
    try (ModelFile open = Checkpoints.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int layer = 0; layer < shifts.length; layer++) {
        rewrite(open, channel, "blk." + layer + ".ffn_norm.weight", f32(shifts[layer]));
        if (model.predicted()) {
          byte[] piece = OneHotRows.firstPiece(model.type(), shifts[layer]);
          rewrite(open, channel, "blk." + layer + ".fc1.weight", piece);
        }
      }
    }
  }

  private static byte[] f32(float value) {
    byte[] bytes = new byte[Float.BYTES];
    TensorType.F32.codec().encode(new float[] {value}, 0, 1, MemorySegment.ofArray(bytes), 0);
    return bytes;
  }

  /** Replaces the first bytes of a tensor. */
  private static void rewrite(ModelFile open, FileChannel channel, String name, byte[] bytes)
      throws IOException {
    Tensor tensor = open.tensor(name).orElseThrow();
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    long at = open.fileOffset(tensor);
    while (rest.hasRemaining()) {
      at += channel.write(rest, at);
    }
  }
}
