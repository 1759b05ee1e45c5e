package dev.skipjack.kernels.activation;

import jdk.incubator.vector.FloatVector;

/**
 * The activation of one vector of values, within 1e-6 relative or 1e-7 absolute of the exact value
 * unless a formula says otherwise. Final classes of moderate size, so that the compiler inlines
 * them into their loop.
 */
interface VectorFormula {
  FloatVector at(FloatVector x);
}
