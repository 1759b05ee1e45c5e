package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.primitive.LongMap;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * SentencePiece's BPE: neighbours whose concatenation is a token join, highest score first,
 * leftmost of equals (Kudo and Richardson 2018, and the library's {@code bpe_model}). Characters
 * that are no token become byte tokens.
 */
public final class SentencePieceModel implements SubwordModel {
  private static final int NO_SYMBOL = Integer.MIN_VALUE;

  private final Vocabulary vocabulary;
  private final ByteFallback fallback;
  private final MergeTable merges = new MergeTable();

  /** Tokens of a single character, by code point. */
  private final LongMap characters = new LongMap();

  private final Adjacency adjacency = new Adjacency();

  /**
   * @param scores the score of each id
   * @param fallback how characters outside the vocabulary are spelled
   * @throws IllegalArgumentException if there is not one score per token
   */
  public SentencePieceModel(Vocabulary vocabulary, float[] scores, ByteFallback fallback) {
    if (scores.length != vocabulary.size()) {
      throw new IllegalArgumentException(
          "%d scores for %d tokens".formatted(scores.length, vocabulary.size()));
    }
    this.vocabulary = vocabulary;
    this.fallback = fallback;
    PieceTrie spellings = new PieceTrie();
    for (int id = 0; id < scores.length; id++) {
      if (isToken(id)) {
        spellings.add(vocabulary.piece(id), id);
      }
    }
    float[] distinct = distinctAscending(scores);
    for (int id = 0; id < scores.length; id++) {
      if (isToken(id)) {
        addJoins(spellings, id, distinct.length - 1 - Arrays.binarySearch(distinct, scores[id]));
        addCharacters(vocabulary.piece(id), id);
      }
      if (vocabulary.kind(id) == TokenKind.UNUSED) {
        merges.markProvisional(id);
      }
    }
  }

  @Override
  public void encode(String piece, IntList ids) {
    IntConsumer sink = fallback.sink(ids);
    adjacency.cut(piece, (from, to) -> encodeConnected(piece, from, to, sink));
  }

  private void encodeConnected(String piece, int from, int to, IntConsumer sink) {
    IntList symbols = new IntList();
    int codePoint;
    for (int i = from; i < to; i += Character.charCount(codePoint)) {
      codePoint = piece.codePointAt(i);
      long token = characters.get(codePoint);
      symbols.add(token == LongMap.ABSENT ? MergeTable.letter(codePoint) : (int) token);
    }
    SymbolMerger.merge(merges, symbols, sink);
  }

  private void addJoins(PieceTrie spellings, int id, int rank) {
    String piece = vocabulary.piece(id);
    int first = Character.charCount(piece.codePointAt(0));
    int node = PieceTrie.ROOT;
    for (int cut = 1; cut < piece.length(); cut++) {
      node = spellings.child(node, piece.charAt(cut - 1));
      boolean leftExists = cut == first || spellings.value(node) != PieceTrie.NONE;
      int right = leftExists ? symbol(piece, cut, piece.length()) : NO_SYMBOL;
      if (right != NO_SYMBOL) {
        merges.add(symbol(piece, 0, cut), right, rank, id);
      }
    }
  }

  private void addCharacters(String piece, int id) {
    adjacency.add(piece);
    if (piece.codePointCount(0, piece.length()) == 1) {
      characters.put(piece.codePointAt(0), id);
    }
  }

  private int symbol(String text, int from, int to) {
    int id = vocabulary.idOrMinusOne(text.substring(from, to));
    if (id >= 0 && isSpellable(id)) {
      return id;
    }
    int codePoint = text.codePointAt(from);
    return from + Character.charCount(codePoint) == to ? MergeTable.letter(codePoint) : NO_SYMBOL;
  }

  /** Whether text can become this id; of two tokens of one spelling, the one that is found. */
  private boolean isToken(int id) {
    String piece = vocabulary.piece(id);
    return isSpellable(id) && !piece.isEmpty() && vocabulary.idOrMinusOne(piece) == id;
  }

  /** Only these kinds arise from text; control tokens never do, whatever the text says. */
  private boolean isSpellable(int id) {
    return switch (vocabulary.kind(id)) {
      case NORMAL, USER_DEFINED, UNUSED -> true;
      case UNKNOWN, CONTROL, BYTE -> false;
    };
  }

  private static float[] distinctAscending(float[] scores) {
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (count == 0 || Float.compare(sorted[i], sorted[count - 1]) != 0) {
        sorted[count++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, count);
  }
}
