/** Commands that make the models, run the kernels and compare the runtimes behind every number. */
package dev.skipjack.bench;
