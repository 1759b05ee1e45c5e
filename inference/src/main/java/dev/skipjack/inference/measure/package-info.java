/**
 * How fast a loaded model computes on this machine: tokens per second, the weight bytes behind
 * them, and the memory bandwidth that bounds them. Shared by the command line and the benchmarks.
 */
package dev.skipjack.inference.measure;
