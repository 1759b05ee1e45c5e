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
import static dev.skipjack.models.tokenizer.scan.Scanner.NONE;

import dev.skipjack.models.tokenizer.scan.Contraction.LetterCase;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The word shapes of published tokenizers. The regular expression each stands for is in {@link
 * WordPattern}, which is also what the tests compare with.
 */
final class Scanners {
  private static final String ASCII_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final IntPredicate ASCII_DIGIT = c -> c >= '0' && c <= '9';
  private static final IntPredicate BLANK = oneOf(" ");
  private static final IntPredicate LINE_ENDS = in(LINE_END);
  private static final IntPredicate WORD_LEAD = notIn(LINE_END | LETTER | NUMBER);
  private static final Run SIGNS = Run.after(BLANK, notIn(SPACE | LETTER | NUMBER));
  private static final Run SIGNS_THROUGH_LINE_END = SIGNS.with(LINE_ENDS);

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
    return Scanner.firstOf(new Contraction(letterCase), gpt4Words(letters, digits));
  }

  /** The same without contractions. */
  static Scanner gpt4Words(int letters, int digits) {
    return Scanner.firstOf(
        Run.after(WORD_LEAD, in(letters)),
        Run.of(in(NUMBER), 1, digits),
        Run.after(BLANK, notIn(SPACE | NUMBER | letters)).with(LINE_ENDS),
        SPACES);
  }

  /** As {@link #gpt4}, line ends never staying with the signs before them. */
  static Scanner seedCoder(LetterCase letterCase) {
    return Scanner.firstOf(
        new Contraction(letterCase), Run.after(WORD_LEAD, in(LETTER)), digits(1), SIGNS, SPACES);
  }

  /** As {@link #gpt4}, words that single blanks separate staying together. */
  static Scanner exaoneMoe(LetterCase letterCase) {
    IntPredicate tail = oneOf("\r\n/");
    Scanner signs =
        SIGNS.thenOptionally((text, from, to) -> tail.test(text.charAt(from)) ? from + 1 : NONE);
    return Scanner.firstOf(
        new Contraction(letterCase), new Phrase(WORD_LEAD), digits(1), signs, SPACES);
  }

  /** As {@link #gpt4}, white space cut by powers of two. */
  static Scanner jais2(LetterCase letterCase) {
    return Scanner.firstOf(
        new Contraction(letterCase),
        Run.after(WORD_LEAD, in(LETTER)),
        digits(3),
        SIGNS_THROUGH_LINE_END,
        WhiteSpace.THROUGH_LINE_END_AT_START,
        WhiteSpace.POWER_OF_TWO);
  }

  /** Words that are also cut where a capital follows a small letter. */
  static Scanner cased(int digits) {
    return cased(CasedWord.after(WORD_LEAD), digits);
  }

  /** As {@link #cased(int)}, contractions staying with their word. */
  static Scanner casedWithContractions(LetterCase letterCase, int digits) {
    return cased(CasedWord.after(WORD_LEAD).thenOptionally(new Contraction(letterCase)), digits);
  }

  private static Scanner cased(Scanner word, int digits) {
    return Scanner.firstOf(word, Run.of(in(NUMBER), 1, digits), SIGNS.with(oneOf("\r\n/")), SPACES);
  }

  /** Ideographs apart from words that are cut as {@link #casedWithContractions} does. */
  static Scanner kimiK2(LetterCase letterCase) {
    IntPredicate han = CharClass::isHan;
    return Scanner.firstOf(
        Run.of(han),
        CasedWord.without(han, WORD_LEAD).thenOptionally(new Contraction(letterCase)),
        digits(3),
        SIGNS_THROUGH_LINE_END,
        SPACES);
  }

  static Scanner digits(int most) {
    return Run.of(in(NUMBER), 1, most);
  }

  static Scanner threeAsciiDigits() {
    return Run.of(ASCII_DIGIT, 3, 3);
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

  /** The same of characters in ranges, see {@link CharClass#inRanges}. */
  static Scanner spacedRun(String ranges) {
    return Run.after(in(SPACE), CharClass.inRanges(ranges));
  }

  /** Runs of characters of one of several groups of ranges, the first that fits. */
  static Scanner runsOf(List<String> groups) {
    return Scanner.firstOf(
        groups.stream().map(CharClass::inRanges).map(Run::of).toArray(Scanner[]::new));
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
      return ASCII_PUNCTUATION.indexOf(text.charAt(from)) >= 0 && end > from + 1 ? end : NONE;
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

  /** {@code <sentinel:7>}. */
  static Scanner sentinel() {
    String start = "<sentinel:";
    return (text, from, to) -> {
      int digits = from + start.length();
      if (!text.startsWith(start, from)) {
        return NONE;
      }
      int end = Run.skip(ASCII_DIGIT, text, digits, to);
      return end > digits && end < to && text.charAt(end) == '>' ? end + 1 : NONE;
    };
  }

  /** {@code IMGIMG}, up to four letters from A to I, {@code Z}. */
  static Scanner imageToken() {
    String start = "IMGIMG";
    Run letters = Run.of(c -> c >= 'A' && c <= 'I', 1, 4);
    return (text, from, to) -> {
      int first = from + start.length();
      int end = text.startsWith(start, from) && first < to ? letters.end(text, first, to) : NONE;
      return end != NONE && end < to && text.charAt(end) == 'Z' ? end + 1 : NONE;
    };
  }

  /** A tab, a line feed, four blanks or two. */
  static Scanner chameleonSpace() {
    IntPredicate control = oneOf("\t\n");
    return Scanner.firstOf(Run.of(control, 1, 1), Run.of(BLANK, 4, 4), Run.of(BLANK, 2, 2));
  }
}
