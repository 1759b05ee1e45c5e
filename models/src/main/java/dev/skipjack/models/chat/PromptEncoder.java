package dev.skipjack.models.chat;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns rendered prompts into token ids such that text of users never becomes a special token.
 * Immutable and safe to share between threads.
 *
 * <p>Models are trained on prompts that were tokenized in one piece, so that is done wherever it is
 * harmless. Where user text spells a special token, alone or together with what stands beside it,
 * special tokens are looked for in the template's own text only, and the spelling stays text.
 */
public final class PromptEncoder {
  private final Tokenizer tokenizer;
  private final boolean addsBos;

  /**
   * @param addsBos whether prompts of this model begin with its begin token; it is not added to a
   *     prompt whose template already wrote it
   */
  public PromptEncoder(Tokenizer tokenizer, boolean addsBos) {
    this.tokenizer = tokenizer;
    this.addsBos = addsBos;
  }

  /** The token ids of a prompt. */
  public int[] encode(Rendered prompt) {
    int[] guarded = tokenizer.encode(prompt.segments().stream().map(PromptEncoder::part).toList());
    int[] whole = tokenizer.encode(prompt.text(), SpecialTokens.TEMPLATE);
    return withBos(sameSpecials(whole, guarded) ? whole : guarded);
  }

  private static Tokenizer.Part part(Segment segment) {
    return new Tokenizer.Part(segment.text(), segment.trusted());
  }

  private boolean sameSpecials(int[] whole, int[] guarded) {
    Map<Integer, Boolean> known = new HashMap<>();
    return Arrays.equals(specials(whole, known), specials(guarded, known));
  }

  private int[] specials(int[] ids, Map<Integer, Boolean> known) {
    return Arrays.stream(ids).filter(id -> known.computeIfAbsent(id, this::isSpecial)).toArray();
  }

  /** A token whose spelling only becomes that token when special tokens are parsed. */
  private boolean isSpecial(int id) {
    String piece = tokenizer.piece(id);
    return !Arrays.equals(
        tokenizer.encode(piece, SpecialTokens.TEMPLATE),
        tokenizer.encode(piece, SpecialTokens.NONE));
  }

  private int[] withBos(int[] ids) {
    if (!addsBos || tokenizer.bos().isEmpty()) {
      return ids;
    }
    int bos = tokenizer.bos().getAsInt();
    return ids.length > 0 && ids[0] == bos
        ? ids
        : IntStream.concat(IntStream.of(bos), Arrays.stream(ids)).toArray();
  }
}
