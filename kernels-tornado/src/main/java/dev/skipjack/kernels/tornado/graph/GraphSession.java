package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.inference.device.ColdNeurons;
import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.kernels.tornado.kernel.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A conversation on the graphs of a decoder. One thread at a time; several conversations on the
 * same graphs take turns.
 */
public final class GraphSession implements DeviceSession {
  private final DecoderGraphs graphs;
  private final GraphRunner runner;
  private final SessionSlots slots;
  private final int slot;
  private final ColdNeurons cold;
  private final int hidden;
  private final float[] residualRows;
  private final float[] normedRows;
  private final float[] branchRows;
  private boolean closed;

  /**
   * @param runner of all conversations on these graphs; stays open
   * @param slots of the cache
   * @param cold computes the processor's part of shared layers
   * @throws IllegalStateException if the cache has no room
   */
  public GraphSession(
      DecoderGraphs graphs, GraphRunner runner, SessionSlots slots, ColdNeurons cold) {
    this.graphs = graphs;
    this.runner = runner;
    this.slots = slots;
    this.slot = slots.take();
    this.cold = cold;
    this.hidden = graphs.shared().hiddenSize();
    int rows = graphs.options().batch() * hidden;
    this.residualRows = new float[rows];
    this.normedRows = new float[rows];
    this.branchRows = new float[rows];
  }

  @Override
  public void forward(float[] residual, int count, int position) {
    synchronized (runner) {
      int batch = graphs.options().batch();
      for (int first = 0; first < count; first += batch) {
        int size = Math.min(batch, count - first);
        layers(residual, first, size, position + first);
        fetch(graphs.lastLayer(), graphs.shared().residual, residual, first, size);
      }
    }
  }

  @Override
  public void forward(float[] residual, int count, int position, float[] logits) {
    synchronized (runner) {
      forwardToLogits(residual, count, position);
      read(logits, 0);
    }
  }

  @Override
  public int forwardGreedy(float[] residual, int count, int position) {
    synchronized (runner) {
      forwardToLogits(residual, count, position);
      return graphs.choice().get(0);
    }
  }

  private void forwardToLogits(float[] residual, int count, int position) {
    int batch = graphs.options().batch();
    for (int first = 0; first < count; first += batch) {
      layers(residual, first, Math.min(batch, count - first), position + first);
    }
    runner.run(graphs.output());
  }

  @Override
  public void logits(float[] residual, int first, int rows, float[] logits) {
    synchronized (runner) {
      for (int row = 0; row < rows; row++) {
        send(residual, first + row, 1, 0);
        runner.run(graphs.output());
        read(logits, row);
      }
    }
  }

  private void layers(float[] residual, int first, int count, int position) {
    send(residual, first, count, position);
    for (LayerStep step : graphs.steps()) {
      runner.run(step.graph());
      if (step.shared().isPresent()) {
        share(step.graph(), step.shared().get(), count);
      }
    }
  }

  /** Runs the feed-forward branch of a layer on the device and the processor. */
  private void share(int graph, LayerStep.Shared layer, int count) {
    SharedArrays shared = graphs.shared();
    fetch(graph, shared.normed, normedRows, 0, count);
    if (layer.readsResidual()) {
      fetch(graph, shared.residual, residualRows, 0, count);
    }
    Runnable processor =
        () -> cold.compute(layer.layer(), count, residualRows, normedRows, branchRows);
    if (layer.hot().isPresent()) {
      runner.run(layer.hot().getAsInt(), processor);
    } else {
      processor.run();
    }
    copy(branchRows, 0, shared.cold, count);
    runner.run(layer.join());
  }

  private void send(float[] residual, int first, int count, int position) {
    SharedArrays shared = graphs.shared();
    shared.step.set(Step.POSITION, position);
    shared.step.set(Step.COUNT, count);
    shared.step.set(Step.SLOT, slot);
    shared.step.set(Step.CHOICES, graphs.options().choices());
    shared.rotations().forEach(rotation -> rotation.prepare(count, position));
    copy(residual, first, shared.input, count);
    runner.run(graphs.input());
  }

  /** Copies rows {@code [first, first + count)} to the front of an array. */
  private void copy(float[] rows, int first, FloatArray target, int count) {
    MemorySegment.copy(
        rows, first * hidden, target.getSegment(), ValueLayout.JAVA_FLOAT, 0, count * hidden);
  }

  /** Copies the front of an array that a graph left to rows {@code [first, first + count)}. */
  private void fetch(int graph, FloatArray array, float[] rows, int first, int count) {
    runner.fetch(graph, array);
    MemorySegment.copy(
        array.getSegment(), ValueLayout.JAVA_FLOAT, 0, rows, first * hidden, count * hidden);
  }

  private void read(float[] logits, int row) {
    FloatArray out = graphs.logits().orElseThrow();
    runner.fetch(graphs.output(), out);
    MemorySegment.copy(
        out.getSegment(), ValueLayout.JAVA_FLOAT, 0, logits, row * out.getSize(), out.getSize());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      slots.release(slot);
    }
  }
}
