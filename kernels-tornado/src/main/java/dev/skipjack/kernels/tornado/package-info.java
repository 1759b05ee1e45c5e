/** The service that offers TornadoVM's devices. */
package dev.skipjack.kernels.tornado;
