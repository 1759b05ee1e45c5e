package dev.skipjack.kernels;

/**
 * Where the rows of a matrix lie in memory: row {@code i} begins at {@code first + i * stride}.
 * Rows of several matrices may take turns.
 *
 * @param first in bytes
 * @param stride in bytes, at least those of a row
 */
public record RowPlaces(long first, long stride) {}
