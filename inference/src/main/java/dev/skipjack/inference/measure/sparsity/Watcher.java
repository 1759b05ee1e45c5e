package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.layer.Observer;

/** An observer that is told where sequences begin and where a chunk of one has been computed. */
interface Watcher extends Observer {
  /** A new sequence begins. */
  default void begin() {}

  /** The next tokens have gone through all layers, and all threads are free. */
  default void endChunk(int tokens) {}
}
