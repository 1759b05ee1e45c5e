/**
 * What both providers need: argument checks, lent buffers, the part of a matrix that is a tensor.
 */
package dev.skipjack.kernels.support;
