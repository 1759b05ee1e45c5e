package dev.skipjack.inference.layer;

import java.util.Arrays;

/**
 * What linear maps that leave out inputs have read, by layer and role. One worker writes, and
 * whoever adds several up does so between batches.
 */
public final class InputCounts {
  private static final int ROLES = LinearRole.values().length;

  private final long[][] keptWeights;
  private final long[][] allWeights;
  private final long[] bytesRead = new long[ROLES];
  private final long[] bytesTotal = new long[ROLES];

  public InputCounts(int layers) {
    this.keptWeights = new long[layers][ROLES];
    this.allWeights = new long[layers][ROLES];
  }

  /** Adds inputs that were masked, {@code kept} of {@code all}, each with so many outputs. */
  public void mask(int layer, LinearRole role, long kept, long all, int outputs) {
    keptWeights[layer][role.ordinal()] += kept * outputs;
    allWeights[layer][role.ordinal()] += all * outputs;
  }

  /** Adds the bytes an evaluation read, and those that the dense one would have read. */
  public void read(LinearRole role, long bytes, long denseBytes) {
    bytesRead[role.ordinal()] += bytes;
    bytesTotal[role.ordinal()] += denseBytes;
  }

  /** Adds another's counts. */
  public void add(InputCounts other) {
    for (int role = 0; role < ROLES; role++) {
      bytesRead[role] += other.bytesRead[role];
      bytesTotal[role] += other.bytesTotal[role];
      for (int layer = 0; layer < allWeights.length; layer++) {
        keptWeights[layer][role] += other.keptWeights[layer][role];
        allWeights[layer][role] += other.allWeights[layer][role];
      }
    }
  }

  public int layers() {
    return allWeights.length;
  }

  /** Fraction of the masked inputs of one map that were kept; 1 before any. */
  public double density(int layer, LinearRole role) {
    return fraction(keptWeights[layer][role.ordinal()], allWeights[layer][role.ordinal()]);
  }

  /** The same over all maps of a layer, each input counting as many weights as it has. */
  public double density(int layer) {
    return fraction(sum(keptWeights[layer]), sum(allWeights[layer]));
  }

  /** The same over all layers. */
  public double density() {
    return fraction(
        Arrays.stream(keptWeights).mapToLong(InputCounts::sum).sum(),
        Arrays.stream(allWeights).mapToLong(InputCounts::sum).sum());
  }

  private static long sum(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  private static double fraction(long kept, long all) {
    return all == 0 ? 1 : (double) kept / all;
  }

  public long bytesRead(LinearRole role) {
    return bytesRead[role.ordinal()];
  }

  public long bytesTotal(LinearRole role) {
    return bytesTotal[role.ordinal()];
  }
}
