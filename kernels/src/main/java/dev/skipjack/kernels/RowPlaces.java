package dev.skipjack.kernels;

/**
 * Where the rows of a matrix lie in memory: row {@code i} begins at {@code first + i * stride}.
 * Rows of several matrices may take turns.
 *
 * @param first in bytes
 * @param stride in bytes, at least those of a row
 * @param following bytes behind each row that are read soon after it: rows of another matrix
 * @param ahead whether these are the rows that follow, so that sums find them in a cache
 */
public record RowPlaces(long first, long stride, long following, boolean ahead) {}
