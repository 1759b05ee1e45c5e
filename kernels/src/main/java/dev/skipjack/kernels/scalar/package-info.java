/**
 * The reference implementation: plain loops over what the codecs decode. Serves every tensor type,
 * needs no module beyond {@code java.base}, and is what every other kernel is tested against.
 */
package dev.skipjack.kernels.scalar;
