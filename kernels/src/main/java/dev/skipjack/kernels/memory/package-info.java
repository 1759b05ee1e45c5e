/** Where copies of weights live. */
package dev.skipjack.kernels.memory;
