/** Decoder layers on GPU and OpenCL devices through TornadoVM. */
module dev.skipjack.kernels.tornado {
  requires dev.skipjack.inference;
  requires dev.skipjack.kernels;
  // Brought by TornadoVM when it starts the JVM; nothing here is loaded without it.
  requires static tornado.api;

  provides dev.skipjack.inference.device.DeviceBackend with
      dev.skipjack.kernels.tornado.TornadoBackend;
}
