package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;

/**
 * BPE over characters (Sennrich et al. 2016): starting from single characters, the neighbours whose
 * merge has the lowest rank join, leftmost of equals.
 */
public final class CharacterBpe implements SubwordModel {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final WordMarks marks;
  private final boolean ignoreMerges;
  private final ByteFallback fallback;
  private final Adjacency adjacency = new Adjacency();

  /**
   * How characters are written in the vocabulary.
   *
   * @param continuationPrefix in front of each character of a piece but the first
   * @param endSuffix behind the last character of a piece
   */
  public record WordMarks(String continuationPrefix, String endSuffix) {
    /** Characters are written as they are. */
    public static final WordMarks NONE = new WordMarks("", "");

    private boolean isEmpty() {
      return continuationPrefix.isEmpty() && endSuffix.isEmpty();
    }
  }

  /**
   * @param ignoreMerges whether a piece that is a token is that token, whatever the merges say
   * @param fallback how characters outside the vocabulary are spelled
   */
  public CharacterBpe(
      Vocabulary vocabulary,
      MergeRules merges,
      WordMarks marks,
      boolean ignoreMerges,
      ByteFallback fallback) {
    this.vocabulary = vocabulary;
    this.merges = merges.table();
    this.marks = marks;
    this.ignoreMerges = ignoreMerges;
    this.fallback = fallback;
    for (int id = 0; id < vocabulary.size(); id++) {
      adjacency.add(vocabulary.piece(id));
    }
  }

  @Override
  public void encode(String piece, IntList ids) {
    int whole = ignoreMerges ? vocabulary.idOrMinusOne(piece) : -1;
    if (whole >= 0) {
      ids.add(whole);
    } else if (marks.isEmpty()) {
      adjacency.cut(piece, (from, to) -> encodePart(piece, from, to, ids));
    } else {
      encodePart(piece, 0, piece.length(), ids);
    }
  }

  private void encodePart(String piece, int from, int to, IntList ids) {
    IntList symbols = new IntList();
    int codePoint;
    for (int i = from; i < to; i += Character.charCount(codePoint)) {
      codePoint = piece.codePointAt(i);
      int end = i + Character.charCount(codePoint);
      int id = vocabulary.idOrMinusOne(marked(piece, i, end));
      symbols.add(id >= 0 ? id : MergeTable.letter(codePoint));
    }
    SymbolMerger.merge(merges, symbols, symbol -> fallback.emit(symbol, ids));
  }

  private String marked(String piece, int from, int end) {
    String character = piece.substring(from, end);
    return (from == 0 ? "" : marks.continuationPrefix())
        + character
        + (end == piece.length() ? marks.endSuffix() : "");
  }
}
