/** What bounds the speed of a model on this machine, measured and drawn. */
package dev.skipjack.bench.roofline;
