/** The embedding API: load a language model, open sessions, generate. */
module dev.skipjack.inference {
  requires transitive dev.skipjack.models;
  requires dev.skipjack.kernels;
  requires ejml.core;
  requires ejml.ddense;
  requires java.management;
  requires jdk.management;

  exports dev.skipjack.inference;
  exports dev.skipjack.inference.calibration;
  exports dev.skipjack.inference.device;
  exports dev.skipjack.inference.measure;
  exports dev.skipjack.inference.measure.sparsity;

  uses dev.skipjack.inference.device.DeviceBackend;
}
