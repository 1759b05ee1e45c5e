package dev.skipjack.kernels.support;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

/**
 * The buffers of all matrices in {@link BlockRows} and {@link ChannelBlocks}, by their width, so
 * that matrices take turns with the few that are warm in a cache. Thread-safe.
 */
public final class BlockBuffers {
  private final int lanes;
  private final ConcurrentMap<Integer, Pool<BlockInput>> inputs = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Pool<BlockSum>> sums = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Pool<ChannelInput>> channels = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Pool<int[]>> words = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, int[]> lists = new ConcurrentHashMap<>();

  /**
   * @param lanes blocks of a unit
   */
  public BlockBuffers(int lanes) {
    this.lanes = lanes;
  }

  Pool<BlockInput> inputs(int units) {
    return inputs.computeIfAbsent(units, n -> new Pool<>(() -> new BlockInput(n, lanes)));
  }

  /** Of so many words. */
  Pool<int[]> words(int length) {
    return words.computeIfAbsent(length, n -> new Pool<>(() -> new int[n]));
  }

  /** The list of all rows of matrices that have so many. */
  int[] all(int rows) {
    return lists.computeIfAbsent(rows, n -> IntStream.range(0, n).toArray());
  }

  Pool<BlockSum> sums(int units) {
    return sums.computeIfAbsent(units, n -> new Pool<>(() -> new BlockSum(n, lanes)));
  }

  Pool<ChannelInput> channels(int inputs) {
    return channels.computeIfAbsent(inputs, n -> new Pool<>(() -> new ChannelInput(n)));
  }
}
