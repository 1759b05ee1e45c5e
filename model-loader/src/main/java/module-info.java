/** Model containers (GGUF, safetensors) and the tensor types inside them. */
module dev.skipjack.loader {
  requires tools.jackson.databind;

  exports dev.skipjack.loader;
  exports dev.skipjack.loader.container;
  exports dev.skipjack.loader.gguf;
  exports dev.skipjack.loader.safetensors;
  exports dev.skipjack.loader.tensor;
}
