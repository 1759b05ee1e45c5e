package dev.skipjack.models.tokenizer;

/**
 * Turns a stream of token ids into text. Bytes of an incomplete UTF-8 character are held back until
 * the character is whole, so the concatenation of all returned strings is the text. One per stream;
 * not thread-safe.
 */
public interface TextDecoder {
  /**
   * The text that became certain with this token; often empty in the middle of a character. Control
   * tokens have no text.
   *
   * @throws IndexOutOfBoundsException if the id is not in the vocabulary
   */
  String append(int id);

  /** What was held back; bytes that never became a character are U+FFFD. */
  String finish();
}
