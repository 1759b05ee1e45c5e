package dev.skipjack.kernels.tornado.graph;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Attention scores.
 *
 * @param values {@code [batch x heads x context]}
 * @param peaks {@code [batch x heads x Attention.LANES]}
 */
record Scores(FloatArray values, FloatArray peaks) {}
