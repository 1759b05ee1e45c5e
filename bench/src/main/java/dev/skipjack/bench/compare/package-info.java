/** The same model through two runtimes on the same machine, in balanced order. */
package dev.skipjack.bench.compare;
