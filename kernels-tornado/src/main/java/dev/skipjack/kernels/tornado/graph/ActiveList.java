package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.ActiveNeurons;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Neurons of the tokens of a batch.
 *
 * @param counts {@code [batch x ActiveNeurons.PARTS]}
 * @param indices {@code [batch x length]}
 * @param totals {@code [batch]}
 */
record ActiveList(IntArray counts, IntArray indices, IntArray totals) {
  static ActiveList of(int batch, int length) {
    return new ActiveList(
        new IntArray(batch * ActiveNeurons.PARTS),
        new IntArray(batch * length),
        new IntArray(batch));
  }
}
