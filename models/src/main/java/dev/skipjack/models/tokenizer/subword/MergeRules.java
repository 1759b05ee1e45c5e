package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;

/** The ranked merges of a BPE model, checked against its vocabulary while they are collected. */
public final class MergeRules {
  private final Vocabulary vocabulary;
  private final int prefixLength;
  private final MergeTable table = new MergeTable();
  private int rank;

  /**
   * @param continuationPrefix what tokens inside a word are marked with, dropped when they join;
   *     usually empty
   */
  public MergeRules(Vocabulary vocabulary, String continuationPrefix) {
    this.vocabulary = vocabulary;
    this.prefixLength = continuationPrefix.length();
  }

  /**
   * Adds the merge of the next rank.
   *
   * @throws IllegalArgumentException if a side or the result is not in the vocabulary
   */
  public void add(String left, String right) {
    boolean prefixed = prefixLength > 0 && right.length() > prefixLength;
    String joined = left + (prefixed ? right.substring(prefixLength) : right);
    table.add(require(left), require(right), rank++, require(joined));
  }

  MergeTable table() {
    return table;
  }

  private int require(String piece) {
    return vocabulary
        .id(piece)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "merge %d needs \"%s\", which is not a token".formatted(rank, piece)));
  }
}
