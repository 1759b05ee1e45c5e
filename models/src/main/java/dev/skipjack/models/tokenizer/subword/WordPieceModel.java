package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import java.util.OptionalInt;

/**
 * WordPiece (Schuster and Nakajima 2012, as BERT uses it): the longest token at each place, with
 * different tokens for the start and the inside of a word; a word that cannot be spelled so is one
 * unknown token.
 */
public final class WordPieceModel implements SubwordModel {
  private final PieceTrie starts;
  private final PieceTrie continuations;
  private final OptionalInt unknown;
  private final int longestWord;

  /**
   * @param starts token ids by what they spell at the start of a word
   * @param continuations token ids by what they spell inside a word
   * @param longestWord how many characters a word may have and still be spelled
   */
  public WordPieceModel(
      PieceTrie starts, PieceTrie continuations, OptionalInt unknown, int longestWord) {
    this.starts = starts;
    this.continuations = continuations;
    this.unknown = unknown;
    this.longestWord = longestWord;
  }

  @Override
  public void encode(String word, IntList ids) {
    IntList spelling = new IntList();
    int from = 0;
    boolean spelled = word.codePointCount(0, word.length()) <= longestWord;
    while (spelled && from < word.length()) {
      PieceTrie pieces = from == 0 ? starts : continuations;
      int end = pieces.longestEnd(word, from, word.length());
      spelled = end != PieceTrie.NONE;
      if (spelled) {
        spelling.add(pieces.find(word, from, end));
        from = end;
      }
    }
    if (spelled) {
      ids.addAll(spelling.toArray());
    } else {
      unknown.ifPresent(ids::add);
    }
  }
}
