/** What a checkpoint means: configuration, architectures, tokenizers, chat templates. */
module dev.skipjack.models {
  requires transitive dev.skipjack.loader;
  requires tools.jackson.databind;

  exports dev.skipjack.models;
  exports dev.skipjack.models.architecture;
  exports dev.skipjack.models.bundled;
  exports dev.skipjack.models.chat;
  exports dev.skipjack.models.huggingface;
  exports dev.skipjack.models.spec;
  exports dev.skipjack.models.tokenizer;
}
