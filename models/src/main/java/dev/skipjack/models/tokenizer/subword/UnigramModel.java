package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.util.Arrays;

/**
 * The unigram language model (Kudo 2018): of all ways to spell a piece the one whose token scores
 * (log probabilities) add up highest, by the Viterbi algorithm. A character without a token costs
 * the lowest score less {@value #UNKNOWN_PENALTY}.
 */
public final class UnigramModel implements SubwordModel {
  private static final double UNKNOWN_PENALTY = 10;
  private static final int NO_TOKEN = -1;

  private final ByteFallback fallback;
  private final PieceTrie pieces = new PieceTrie();
  private final Vocabulary vocabulary;
  private final float[] scores;
  private final double unknownScore;

  /**
   * @param scores the score of each id
   * @param fallback how characters outside the vocabulary are spelled
   * @throws IllegalArgumentException if there is not one score per token
   */
  public UnigramModel(Vocabulary vocabulary, float[] scores, ByteFallback fallback) {
    if (scores.length != vocabulary.size()) {
      throw new IllegalArgumentException(
          "%d scores for %d tokens".formatted(scores.length, vocabulary.size()));
    }
    this.fallback = fallback;
    this.vocabulary = vocabulary;
    this.scores = scores.clone();
    double lowest = 0;
    for (int id = 0; id < scores.length; id++) {
      TokenKind kind = vocabulary.kind(id);
      if (kind == TokenKind.NORMAL) {
        lowest = Math.min(lowest, scores[id]);
      }
      boolean spellable =
          kind == TokenKind.NORMAL || kind == TokenKind.USER_DEFINED || kind == TokenKind.UNUSED;
      if (spellable && !vocabulary.piece(id).isEmpty()) {
        pieces.add(vocabulary.piece(id), id);
      }
    }
    this.unknownScore = lowest - UNKNOWN_PENALTY;
  }

  @Override
  public void encode(String piece, IntList ids) {
    int length = piece.length();
    double[] best = new double[length + 1];
    int[] token = new int[length + 1];
    int[] origin = new int[length + 1];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    best[0] = 0;
    for (int from = 0; from < length; ) {
      int next = from + Character.charCount(piece.codePointAt(from));
      boolean spelled = extend(piece, from, next, best, token, origin);
      if (!spelled && best[from] + unknownScore > best[next]) {
        best[next] = best[from] + unknownScore;
        token[next] = NO_TOKEN;
        origin[next] = from;
      }
      from = next;
    }
    emit(piece, token, origin, ids);
  }

  /** Tries all tokens at a place; whether one of them is exactly its first character. */
  private boolean extend(
      String piece, int from, int next, double[] best, int[] token, int[] origin) {
    boolean spelled = false;
    int node = PieceTrie.ROOT;
    for (int i = from; i < piece.length(); i++) {
      node = pieces.child(node, piece.charAt(i));
      if (node == PieceTrie.NONE) {
        break;
      }
      int id = pieces.value(node);
      if (id == PieceTrie.NONE) {
        continue;
      }
      int end = i + 1;
      spelled |= end == next;
      double score = best[from] + (vocabulary.kind(id) == TokenKind.USER_DEFINED ? 0 : scores[id]);
      if (score > best[end]) {
        best[end] = score;
        token[end] = id;
        origin[end] = from;
      }
    }
    return spelled;
  }

  private void emit(String piece, int[] token, int[] origin, IntList ids) {
    // Links point backwards: turn them round, then walk forwards.
    int[] next = new int[piece.length() + 1];
    for (int end = piece.length(); end > 0; end = origin[end]) {
      next[origin[end]] = end;
    }
    boolean afterUnknown = false;
    for (int from = 0; from < piece.length(); from = next[from]) {
      int id = token[next[from]];
      if (id == NO_TOKEN) {
        fallback.emitCharacter(piece.codePointAt(from), afterUnknown, ids);
      } else {
        ids.add(id);
      }
      afterUnknown = id == NO_TOKEN;
    }
  }
}
