/**
 * How sparse a model is on a text: what its neurons do when all of them are computed, how many of
 * them matter, and how well a selection method finds those. {@link
 * dev.skipjack.inference.measure.sparsity.SparsityMeasurement} is the way in.
 */
package dev.skipjack.inference.measure.sparsity;
