/** JMH benchmarks of single kernels, each over tensor types and shapes and both providers. */
package dev.skipjack.bench.kernels;
