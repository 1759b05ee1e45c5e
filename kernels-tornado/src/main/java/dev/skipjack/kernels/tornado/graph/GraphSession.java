package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.kernels.tornado.kernel.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** A conversation on the graphs of a decoder. One thread at a time. */
public final class GraphSession implements DeviceSession {
  private final DecoderGraphs graphs;
  private final GraphRunner runner;
  private final Runnable onClose;

  /**
   * @param onClose told when the session ends; the runner stays open
   */
  public GraphSession(DecoderGraphs graphs, GraphRunner runner, Runnable onClose) {
    this.graphs = graphs;
    this.runner = runner;
    this.onClose = onClose;
  }

  @Override
  public void forward(float[] residual, int count, int position) {
    int hidden = graphs.hiddenSize();
    for (int first = 0; first < count; first += graphs.batch()) {
      int size = Math.min(graphs.batch(), count - first);
      layers(residual, first, size, position + first);
      runner.fetch(graphs.lastLayer(), graphs.shared().residual);
      MemorySegment.copy(
          graphs.shared().residual.getSegment(),
          ValueLayout.JAVA_FLOAT,
          0,
          residual,
          first * hidden,
          size * hidden);
    }
  }

  @Override
  public void forward(float[] residual, int count, int position, float[] logits) {
    for (int first = 0; first < count; first += graphs.batch()) {
      layers(residual, first, Math.min(graphs.batch(), count - first), position + first);
    }
    runner.run(graphs.output());
    read(logits, 0);
  }

  @Override
  public void logits(float[] residual, int first, int rows, float[] logits) {
    for (int row = 0; row < rows; row++) {
      send(residual, first + row, 1, 0);
      runner.run(graphs.output());
      read(logits, row);
    }
  }

  private void layers(float[] residual, int first, int count, int position) {
    send(residual, first, count, position);
    for (int graph = graphs.input() + 1; graph <= graphs.lastLayer(); graph++) {
      runner.run(graph);
    }
  }

  private void send(float[] residual, int first, int count, int position) {
    SharedArrays shared = graphs.shared();
    int hidden = graphs.hiddenSize();
    shared.step.set(Step.POSITION, position);
    shared.step.set(Step.COUNT, count);
    shared.rotations().forEach(rotation -> rotation.prepare(count, position));
    MemorySegment.copy(
        residual,
        first * hidden,
        shared.input.getSegment(),
        ValueLayout.JAVA_FLOAT,
        0,
        count * hidden);
    runner.run(graphs.input());
  }

  private void read(float[] logits, int row) {
    FloatArray out = graphs.logits().orElseThrow();
    MemorySegment.copy(
        out.getSegment(), ValueLayout.JAVA_FLOAT, 0, logits, row * out.getSize(), out.getSize());
  }

  @Override
  public void close() {
    onClose.run();
  }
}
