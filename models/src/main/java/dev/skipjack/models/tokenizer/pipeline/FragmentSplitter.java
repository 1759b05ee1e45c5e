package dev.skipjack.models.tokenizer.pipeline;

import java.util.List;

/** Finds tokens that are spelled out in a text. Immutable and thread-safe. */
@FunctionalInterface
public interface FragmentSplitter {
  /** Finds nothing. */
  FragmentSplitter NONE = (text, control) -> List.of(new Fragment.Text(text));

  /**
   * The text in order, without empty fragments.
   *
   * @param control whether control tokens are looked for as well
   */
  List<Fragment> split(String text, boolean control);
}
