/**
 * A second implementation of the decoders: plain loops in double precision, written from the
 * formulas and sharing no code with the runtime. It stands in for golden files where no other
 * implementation was at hand to make them.
 */
package dev.skipjack.inference.reference;
