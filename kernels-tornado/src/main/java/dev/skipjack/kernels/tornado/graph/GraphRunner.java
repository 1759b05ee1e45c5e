package dev.skipjack.kernels.tornado.graph;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Runs the graphs of one plan, one at a time and by one thread. */
public interface GraphRunner extends AutoCloseable {
  /** Runs graph {@code index} of the plan to its end. */
  void run(int index);

  /** Brings an on-demand array of graph {@code index}, which ran last, to the host. */
  void fetch(int index, TornadoNativeArray array);

  /** Frees the device's memory. */
  @Override
  void close();
}
