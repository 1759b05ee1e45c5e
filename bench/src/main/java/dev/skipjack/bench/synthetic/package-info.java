/** Random models of any shape, type and neuron density, for benchmarks that need no download. */
package dev.skipjack.bench.synthetic;
