package dev.skipjack.kernels.tornado.graph;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Runs the graphs of one plan, one at a time; any thread may ask for it. */
public interface GraphRunner extends AutoCloseable {
  /** Runs graph {@code index} of the plan to its end. */
  default void run(int index) {
    run(index, () -> {});
  }

  /** Runs graph {@code index} to its end while this thread does something else beside it. */
  void run(int index, Runnable beside);

  /** Brings an on-demand array of graph {@code index}, which ran last, to the host. */
  void fetch(int index, TornadoNativeArray array);

  /** Frees the device's memory. */
  @Override
  void close();
}
