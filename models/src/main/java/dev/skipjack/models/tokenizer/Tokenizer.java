package dev.skipjack.models.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/** Text to token ids and back. Immutable and safe to share between threads. */
public interface Tokenizer {
  /** Number of ids; valid ids are {@code 0 .. vocabularySize() - 1}. */
  int vocabularySize();

  /**
   * Token ids of a text.
   *
   * @param special what to do about special tokens
   */
  int[] encode(String text, SpecialTokens special);

  /**
   * Token ids of a text put together from parts, without the model's begin and end tokens: as if it
   * were encoded in one piece, except that only some parts may spell control tokens.
   */
  int[] encode(List<Part> parts);

  /**
   * A stretch of text.
   *
   * @param parse whether the spelling of a control token inside it becomes that token
   */
  record Part(String text, boolean parse) {}

  /** A decoder for one stream of ids, starting at the beginning of a text. */
  TextDecoder newDecoder();

  /** The text of a whole sequence. */
  default String decode(int... ids) {
    TextDecoder decoder = newDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.append(id));
    }
    return text.append(decoder.finish()).toString();
  }

  /**
   * The vocabulary's own spelling of a token, for people.
   *
   * @throws IndexOutOfBoundsException if the id is not in the vocabulary
   */
  String piece(int id);

  /** The id of a vocabulary entry spelled exactly so. */
  OptionalInt id(String piece);

  /** The token that starts a text, when the model has one. */
  OptionalInt bos();

  /** The token that ends a text, when the model has one. */
  OptionalInt eos();

  /** Whether generation stops at this token: end of text, of turn, of message. */
  boolean endsGeneration(int id);

  /** The algorithm, for people: {@code SPM}, {@code BPE (llama-bpe)}. */
  String kind();
}
