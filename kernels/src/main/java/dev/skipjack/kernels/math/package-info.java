/** Functions over vectors of floats that kernels of several kinds need. */
package dev.skipjack.kernels.math;
