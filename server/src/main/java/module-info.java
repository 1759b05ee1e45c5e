/** A loaded model behind an OpenAI-compatible HTTP API. */
module dev.skipjack.server {
  requires transitive dev.skipjack.inference;
  requires jdk.httpserver;
  requires tools.jackson.databind;

  exports dev.skipjack.server;
}
