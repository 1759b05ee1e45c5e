package dev.skipjack.models.tokenizer;

/**
 * How special tokens enter an encoding.
 *
 * @param add whether the model's begin (and end) tokens are put around the text
 * @param parse whether the spelling of a control token inside the text becomes that token; false
 *     for text that users supply
 */
public record SpecialTokens(boolean add, boolean parse) {
  /** A plain prompt: begin token added, nothing in the text is special. */
  public static final SpecialTokens PROMPT = new SpecialTokens(true, false);

  /** Text alone. */
  public static final SpecialTokens NONE = new SpecialTokens(false, false);

  /** A rendered chat template, which spells its own special tokens. */
  public static final SpecialTokens TEMPLATE = new SpecialTokens(false, true);
}
