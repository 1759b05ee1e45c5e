/**
 * Kernels on {@code jdk.incubator.vector}. Nothing outside this package, {@code math} and the
 * activations touches that module, and no class here loads unless it is present.
 *
 * <p>Rules that keep C2 fast: species are {@code static final}; no vector outlives the loop that
 * made it; hot methods are small, and loop over primitives with one implementation behind every
 * call; the provider hands them out behind a boundary that C2 does not inline across ({@code
 * isolation.Boundary}); results do not depend on when a method gets compiled, because only
 * operations with a defined order are used.
 */
package dev.skipjack.kernels.vector;
