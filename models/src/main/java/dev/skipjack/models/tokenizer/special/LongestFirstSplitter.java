package dev.skipjack.models.tokenizer.special;

import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Splits at each special token in turn, the longest spelling (in UTF-8 bytes) first, as llama.cpp
 * does: a long token wins over a shorter one that starts further left. Tokens that are nowhere in
 * the text cost nothing beyond one pass that looks for all of them.
 */
public final class LongestFirstSplitter implements FragmentSplitter {
  private final List<SpecialToken> tokens;
  private final PieceTrie spellings = new PieceTrie();

  /**
   * @param tokens in any order; those without a spelling are ignored
   */
  public LongestFirstSplitter(List<SpecialToken> tokens) {
    Comparator<SpecialToken> byLength =
        Comparator.comparingInt(token -> token.spelling().getBytes(StandardCharsets.UTF_8).length);
    this.tokens =
        tokens.stream()
            .filter(token -> !token.spelling().isEmpty())
            .sorted(byLength.reversed().thenComparingInt(SpecialToken::id))
            .toList();
    for (int order = this.tokens.size() - 1; order >= 0; order--) {
      spellings.add(this.tokens.get(order).spelling(), order);
    }
  }

  @Override
  public List<Fragment> split(String text, boolean control) {
    List<Fragment> fragments = text.isEmpty() ? List.of() : List.of(new Fragment.Text(text));
    BitSet found = find(text);
    for (int order = found.nextSetBit(0); order >= 0; order = found.nextSetBit(order + 1)) {
      SpecialToken token = tokens.get(order);
      if (control || !token.control()) {
        fragments = splitAt(token, fragments);
      }
    }
    return fragments;
  }

  private BitSet find(String text) {
    BitSet found = new BitSet();
    for (int from = 0; from < text.length(); from++) {
      int node = PieceTrie.ROOT;
      for (int i = from; i < text.length(); i++) {
        node = spellings.child(node, text.charAt(i));
        if (node == PieceTrie.NONE) {
          break;
        }
        if (spellings.value(node) != PieceTrie.NONE) {
          found.set(spellings.value(node));
        }
      }
    }
    return found;
  }

  private static List<Fragment> splitAt(SpecialToken token, List<Fragment> fragments) {
    List<Fragment> result = new ArrayList<>(fragments.size() + 2);
    for (Fragment fragment : fragments) {
      if (fragment instanceof Fragment.Text(String text)) {
        splitAt(token, text, result);
      } else {
        result.add(fragment);
      }
    }
    return result;
  }

  private static void splitAt(SpecialToken token, String text, List<Fragment> result) {
    int from = 0;
    for (int at = text.indexOf(token.spelling()); at >= 0; ) {
      addText(token.stripLeft() ? stripEnd(text, from, at) : text.substring(from, at), result);
      result.add(new Fragment.Token(token.id()));
      from = at + token.spelling().length();
      while (token.stripRight() && from < text.length() && isSpace(text.charAt(from))) {
        from++;
      }
      at = text.indexOf(token.spelling(), from);
    }
    addText(text.substring(from), result);
  }

  private static String stripEnd(String text, int from, int to) {
    int end = to;
    while (end > from && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(from, end);
  }

  private static void addText(String text, List<Fragment> result) {
    if (!text.isEmpty()) {
      result.add(new Fragment.Text(text));
    }
  }

  /** The whitespace of C's {@code isspace}. */
  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }
}
