/** The compute seam, its scalar reference and its Vector API implementation, and the threads. */
module dev.skipjack.kernels {
  requires transitive dev.skipjack.loader;
  // Resolved by --add-modules when the vector kernels are wanted; everything else works without.
  requires static jdk.incubator.vector;

  exports dev.skipjack.kernels;
  exports dev.skipjack.kernels.activation;
  exports dev.skipjack.kernels.memory to
      dev.skipjack.inference;
  exports dev.skipjack.kernels.team;
}
