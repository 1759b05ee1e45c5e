/** What talks to TornadoVM: its devices, its task graphs, and whether they can be trusted. */
package dev.skipjack.kernels.tornado.runtime;
