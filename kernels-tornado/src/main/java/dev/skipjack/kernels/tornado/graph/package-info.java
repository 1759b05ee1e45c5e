/**
 * A decoder as task graphs: weights in device form, buffers, which layers fit, and the order of
 * kernel calls. Knows no device: what executes the graphs is a {@link
 * dev.skipjack.kernels.tornado.graph.GraphRunner}.
 */
package dev.skipjack.kernels.tornado.graph;
