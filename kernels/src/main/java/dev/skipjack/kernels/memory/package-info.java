/** Where copies of weights, and keys and values, live. */
package dev.skipjack.kernels.memory;
