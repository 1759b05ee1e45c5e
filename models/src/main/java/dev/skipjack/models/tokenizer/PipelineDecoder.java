package dev.skipjack.models.tokenizer;

import dev.skipjack.models.tokenizer.pipeline.TokenText;
import dev.skipjack.models.tokenizer.text.Utf8Stream;

/** Assembles the bytes of tokens into characters. */
final class PipelineDecoder implements TextDecoder {
  private final TokenText tokens;
  private final Utf8Stream characters = new Utf8Stream();
  private boolean first = true;

  PipelineDecoder(TokenText tokens) {
    this.tokens = tokens;
  }

  @Override
  public String append(int id) {
    byte[] bytes = tokens.bytes(id, first);
    // A first token that is nothing but the dropped space still was the first with text.
    first &= tokens.bytes(id, false).length == 0;
    return characters.append(bytes);
  }

  @Override
  public String finish() {
    return characters.finish();
  }
}
