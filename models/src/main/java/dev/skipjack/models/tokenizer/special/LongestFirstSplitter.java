package dev.skipjack.models.tokenizer.special;

import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.vocabulary.PieceTrie;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Splits at each special token in turn, the longest spelling (in UTF-8 bytes) first, as llama.cpp
 * does: a long token wins over a shorter one that starts further left. One pass over the text finds
 * which lengths occur, one more for each of them where; the number of tokens does not matter.
 */
public final class LongestFirstSplitter implements FragmentSplitter {
  private final List<Group> groups = new ArrayList<>();
  private final PieceTrie groupOfSpelling = new PieceTrie();

  /**
   * Tokens of one length.
   *
   * @param tokens by id
   * @param spellings their places in that list by what they spell
   */
  private record Group(List<SpecialToken> tokens, PieceTrie spellings) {
    static Group of(List<SpecialToken> tokens) {
      PieceTrie spellings = new PieceTrie();
      for (int i = tokens.size() - 1; i >= 0; i--) {
        spellings.add(tokens.get(i).spelling(), i);
      }
      return new Group(tokens, spellings);
    }
  }

  /**
   * @param tokens in any order; those without a spelling are ignored
   */
  public LongestFirstSplitter(List<SpecialToken> tokens) {
    SortedMap<Integer, List<SpecialToken>> byLength = new TreeMap<>(Comparator.reverseOrder());
    tokens.stream()
        .filter(token -> !token.spelling().isEmpty())
        .sorted(Comparator.comparingInt(SpecialToken::id))
        .forEach(
            token ->
                byLength
                    .computeIfAbsent(utf8Length(token.spelling()), length -> new ArrayList<>())
                    .add(token));
    for (List<SpecialToken> group : byLength.values()) {
      group.forEach(token -> groupOfSpelling.add(token.spelling(), groups.size()));
      groups.add(Group.of(group));
    }
  }

  private static int utf8Length(String spelling) {
    return spelling.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public List<Fragment> split(String text, boolean control) {
    BitSet found = new BitSet();
    for (int from = 0; from < text.length(); from++) {
      groupOfSpelling.prefixes(text, from, found::set);
    }
    Matches matches = new Matches(text);
    for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
      match(groups.get(i), control, matches);
    }
    return matches.fragments();
  }

  /** Takes all places of the first token of a group, then of the next. */
  private static void match(Group group, boolean control, Matches matches) {
    SortedMap<Integer, IntList> places = new TreeMap<>();
    String text = matches.text();
    for (int from = matches.nextFree(0); from < text.length(); from = matches.nextFree(from + 1)) {
      int start = from;
      group.spellings.prefixes(
          text, from, token -> places.computeIfAbsent(token, unused -> new IntList()).add(start));
    }
    places.forEach(
        (i, starts) -> {
          SpecialToken token = group.tokens.get(i);
          if (control || !token.control()) {
            for (int start : starts.toArray()) {
              matches.add(token, start);
            }
          }
        });
  }
}
