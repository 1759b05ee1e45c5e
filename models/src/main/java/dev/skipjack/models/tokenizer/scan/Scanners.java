package dev.skipjack.models.tokenizer.scan;

import static dev.skipjack.models.tokenizer.scan.CharClass.LETTER;
import static dev.skipjack.models.tokenizer.scan.CharClass.LINE_END;
import static dev.skipjack.models.tokenizer.scan.CharClass.MARK;
import static dev.skipjack.models.tokenizer.scan.CharClass.NUMBER;
import static dev.skipjack.models.tokenizer.scan.CharClass.PUNCTUATION;
import static dev.skipjack.models.tokenizer.scan.CharClass.SPACE;
import static dev.skipjack.models.tokenizer.scan.CharClass.SYMBOL;
import static dev.skipjack.models.tokenizer.scan.CharClass.in;
import static dev.skipjack.models.tokenizer.scan.CharClass.notIn;
import static dev.skipjack.models.tokenizer.scan.CharClass.oneOf;

import dev.skipjack.models.tokenizer.scan.Contraction.LetterCase;
import java.util.function.IntPredicate;

/**
 * The word shapes of published tokenizers. The regular expression each stands for is in {@link
 * WordPattern}, which is also what the tests compare with.
 */
final class Scanners {
  private static final String ASCII_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final IntPredicate BLANK = oneOf(" ");
  private static final IntPredicate LINE_ENDS = in(LINE_END);
  private static final IntPredicate WORD_LEAD = notIn(LINE_END | LETTER | NUMBER);
  private static final Scanner SIGNS = Run.after(BLANK, notIn(SPACE | LETTER | NUMBER));

  private static final Scanner SPACES =
      Scanner.firstOf(WhiteSpace.THROUGH_LINE_END, WhiteSpace.BEFORE_LAST, WhiteSpace.ALL);

  private Scanners() {}

  static Scanner gpt2() {
    return Scanner.firstOf(
        new Contraction(LetterCase.EXACT),
        Run.after(BLANK, in(LETTER)),
        Run.after(BLANK, in(NUMBER)),
        SIGNS,
        WhiteSpace.BEFORE_LAST);
  }

  /**
   * The shape that GPT-4 introduced.
   *
   * @param letters what words are made of
   * @param digits how many digits make a piece at most
   */
  static Scanner gpt4(LetterCase letterCase, int letters, int digits) {
    return Scanner.firstOf(
        new Contraction(letterCase),
        Run.after(WORD_LEAD, in(letters)),
        Run.of(in(NUMBER), 1, digits),
        Run.after(BLANK, notIn(SPACE | NUMBER | letters)).with(LINE_ENDS),
        SPACES);
  }

  /** Words that are also cut where a capital follows a small letter. */
  static Scanner cased(int digits) {
    return cased(new CasedWord(WORD_LEAD), digits);
  }

  /** As {@link #cased(int)}, contractions staying with their word. */
  static Scanner casedWithContractions(LetterCase letterCase, int digits) {
    return cased(new CasedWord(WORD_LEAD).thenOptionally(new Contraction(letterCase)), digits);
  }

  private static Scanner cased(Scanner word, int digits) {
    return Scanner.firstOf(
        word,
        Run.of(in(NUMBER), 1, digits),
        Run.after(BLANK, notIn(SPACE | LETTER | NUMBER)).with(oneOf("\r\n/")),
        SPACES);
  }

  static Scanner digits(int most) {
    return Run.of(in(NUMBER), 1, most);
  }

  static Scanner threeAsciiDigits() {
    return Run.of(c -> c >= '0' && c <= '9', 3, 3);
  }

  /** Punctuation and some ASCII symbols. */
  static Scanner punctuationOr(String symbols) {
    return Run.of(in(PUNCTUATION).or(oneOf(symbols)));
  }

  static Scanner lineEnd() {
    return Run.of(LINE_ENDS, 1, 1);
  }

  /** Characters of one class, with at most one white space in front. */
  static Scanner spacedRun(int classes) {
    return Run.after(in(SPACE), in(classes));
  }

  /** East Asian text as DeepSeek-Coder cuts it. */
  static Scanner deepseekCoderEastAsian() {
    return Run.of(
        c -> c >= 0x4E00 && c <= 0x9FA5 || c >= 0x800 && c <= 0x4E00 || c >= 0xAC00 && c <= 0xD7FF);
  }

  /** East Asian text as DeepSeek-V3 cuts it: ideographs and kana. */
  static Scanner deepseekV3EastAsian() {
    return Run.of(c -> c >= 0x4E00 && c <= 0x9FA5 || c >= 0x3040 && c <= 0x30FF);
  }

  static Scanner deepseekV3Words() {
    IntPredicate asciiLetter = c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    return Scanner.firstOf(
        punctuatedWord(asciiLetter),
        Run.after(notIn(LINE_END | LETTER | PUNCTUATION | SYMBOL), in(LETTER | MARK)),
        Run.after(BLANK, in(PUNCTUATION | SYMBOL)).with(LINE_ENDS),
        SPACES);
  }

  private static Scanner punctuatedWord(IntPredicate letter) {
    return (text, from, to) -> {
      int end = Run.skip(letter, text, from + 1, to);
      return ASCII_PUNCTUATION.indexOf(text.charAt(from)) >= 0 && end > from + 1
          ? end
          : Scanner.NONE;
    };
  }

  /** Everything between white space and the punctuation of several scripts. */
  static Scanner bloom() {
    IntPredicate breaks = in(SPACE).or(oneOf("(|.,!?…。，、।۔،)"));
    return Run.after(BLANK, breaks.negate());
  }

  static Scanner space() {
    return Run.of(in(SPACE), 1, 1);
  }

  /** One character of punctuation, with all of ASCII's. */
  static Scanner sign() {
    return Run.of(in(PUNCTUATION).or(oneOf(ASCII_PUNCTUATION)), 1, 1);
  }

  /** Runs of word characters and runs of anything else but white space. */
  static Scanner words() {
    IntPredicate word = CharClass::isWord;
    return Scanner.firstOf(Run.of(word), Run.of(word.or(in(SPACE)).negate()));
  }

  /** Lines, and runs of line feeds between them. */
  static Scanner lines() {
    IntPredicate lineFeed = oneOf("\n");
    return Scanner.firstOf(Run.of(lineFeed.negate()), Run.of(lineFeed));
  }
}
