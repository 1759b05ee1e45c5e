package dev.skipjack.models.tokenizer.pipeline;

import java.util.List;
import java.util.OptionalInt;

/** An immutable sequence of token ids. */
public record IdSequence(List<Integer> ids) {
  public static final IdSequence EMPTY = new IdSequence(List.of());

  public IdSequence {
    ids = List.copyOf(ids);
  }

  /** The id, when it is wanted and there is one. */
  public static IdSequence when(boolean wanted, OptionalInt id) {
    return wanted && id.isPresent() ? new IdSequence(List.of(id.getAsInt())) : EMPTY;
  }
}
