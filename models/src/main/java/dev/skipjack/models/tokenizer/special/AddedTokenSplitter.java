package dev.skipjack.models.tokenizer.special;

import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.scan.CharClass;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import java.util.ArrayList;
import java.util.List;

/** Finds the leftmost added token and of those the longest, as Hugging Face tokenizers do. */
public final class AddedTokenSplitter implements FragmentSplitter {
  private final List<SpecialToken> tokens;
  private final PieceTrie all = new PieceTrie();
  private final PieceTrie plain = new PieceTrie();

  /**
   * @param tokens in any order; those without a spelling are ignored
   */
  public AddedTokenSplitter(List<SpecialToken> tokens) {
    this.tokens = List.copyOf(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      SpecialToken token = tokens.get(i);
      if (!token.spelling().isEmpty()) {
        all.add(token.spelling(), i);
        if (!token.control()) {
          plain.add(token.spelling(), i);
        }
      }
    }
  }

  @Override
  public List<Fragment> split(String text, boolean control) {
    PieceTrie spellings = control ? all : plain;
    List<Fragment> fragments = new ArrayList<>();
    int done = 0;
    int from = 0;
    while (from < text.length()) {
      int end = spellings.longestEnd(text, from, text.length());
      if (end == PieceTrie.NONE) {
        from++;
        continue;
      }
      SpecialToken token = tokens.get(spellings.find(text, from, end));
      if (token.wholeWord() && (isWord(text, from, true) || isWord(text, end, false))) {
        from = end;
        continue;
      }
      addText(text, done, token.stripLeft() ? skipSpaceBefore(text, from, done) : from, fragments);
      fragments.add(new Fragment.Token(token.id()));
      done = token.stripRight() ? skipSpaceAfter(text, end) : end;
      from = done;
    }
    addText(text, done, text.length(), fragments);
    return fragments;
  }

  private static void addText(String text, int from, int to, List<Fragment> fragments) {
    if (from < to) {
      fragments.add(new Fragment.Text(text.substring(from, to)));
    }
  }

  private static boolean isWord(String text, int at, boolean before) {
    if (at == (before ? 0 : text.length())) {
      return false;
    }
    int codePoint = before ? text.codePointBefore(at) : text.codePointAt(at);
    return CharClass.isWord(codePoint);
  }

  private static int skipSpaceBefore(String text, int from, int least) {
    int start = from;
    while (start > least && CharClass.isSpace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int skipSpaceAfter(String text, int from) {
    int end = from;
    while (end < text.length() && CharClass.isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
