package dev.skipjack.kernels.activation;

/** An activation with its parameters fixed, ready to be built for either kind of kernels. */
interface Definition {
  Activation scalar(String name);

  /** The only way into classes that need {@code jdk.incubator.vector}. */
  Activation vector(String name);
}
