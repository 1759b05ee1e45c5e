/** What keeps C2 from compiling kernels together with their callers. */
package dev.skipjack.kernels.isolation;
