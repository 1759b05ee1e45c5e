package dev.skipjack.models.tokenizer.subword;

import dev.skipjack.models.tokenizer.pipeline.SubwordModel;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.text.ByteAlphabet;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;

/**
 * BPE over the bytes of UTF-8 (Radford et al. 2019): starting from single bytes, the neighbours
 * whose merge has the lowest rank join, leftmost of equals. Bytes without a token have no spelling.
 */
public final class ByteLevelBpe implements SubwordModel {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final boolean ignoreMerges;
  private final int[] byteTokens = new int[256];

  /**
   * @param ignoreMerges whether a piece that is a token is that token, whatever the merges say
   */
  public ByteLevelBpe(Vocabulary vocabulary, MergeRules merges, boolean ignoreMerges) {
    this.vocabulary = vocabulary;
    this.merges = merges.table();
    this.ignoreMerges = ignoreMerges;
    for (int value = 0; value < byteTokens.length; value++) {
      byteTokens[value] = vocabulary.idOrMinusOne(String.valueOf(ByteAlphabet.letter(value)));
    }
  }

  @Override
  public void encode(String piece, IntList ids) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    int whole = ignoreMerges ? vocabulary.idOrMinusOne(ByteAlphabet.spell(bytes)) : -1;
    if (whole >= 0 && vocabulary.kind(whole) == TokenKind.NORMAL) {
      ids.add(whole);
      return;
    }
    IntList symbols = new IntList();
    for (byte value : bytes) {
      symbols.add(byteTokens[value & 0xFF]);
    }
    SymbolMerger.merge(
        merges,
        symbols,
        symbol -> {
          if (symbol >= 0) {
            ids.add(symbol);
          }
        });
  }
}
