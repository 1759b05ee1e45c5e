/**
 * What runs on the device: static methods over TornadoVM arrays, compiled by TornadoVM from their
 * bytecode. Run as plain Java, a method with {@code @Parallel} loops computes the same.
 *
 * <p>Rules that this code keeps:
 *
 * <ul>
 *   <li>A number parameter is compiled in as a constant: it chooses between forms at no cost, and
 *       what changes from step to step comes in an array ({@link
 *       dev.skipjack.kernels.tornado.kernel.Step}).
 *   <li>Names of methods and parameters become names in OpenCL: none of them is a word or a
 *       built-in function of that language (a kernel called {@code mix} ends the process).
 *   <li>No reinterpreted bits, and no half floats but in {@link
 *       dev.skipjack.kernels.tornado.kernel.HalfProjection}: not every back end has them.
 * </ul>
 */
package dev.skipjack.kernels.tornado.kernel;
