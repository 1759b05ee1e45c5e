package dev.skipjack.models.tokenizer.scan;

import static dev.skipjack.models.tokenizer.scan.CharClass.LETTER;
import static dev.skipjack.models.tokenizer.scan.CharClass.MARK;
import static dev.skipjack.models.tokenizer.scan.CharClass.PUNCTUATION;
import static dev.skipjack.models.tokenizer.scan.Run.MANY;

import dev.skipjack.models.tokenizer.scan.Contraction.LetterCase;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The regular expressions that published tokenizers cut text with, each beside what stands for it.
 * {@code \s} and {@code \p} are Unicode's; case is ignored for ASCII only.
 */
public enum WordPattern {
  GPT2(
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
      Scanners.gpt2()),
  LLAMA3(gpt4Regex("\\p{L}", "{1,3}"), letterCase -> Scanners.gpt4(letterCase, LETTER, 3)),
  QWEN2(gpt4Regex("\\p{L}", ""), letterCase -> Scanners.gpt4(letterCase, LETTER, 1)),
  QWEN35(gpt4Regex("\\p{L}\\p{M}", ""), letterCase -> Scanners.gpt4(letterCase, LETTER | MARK, 1)),
  TEKKEN(casedRegex("", ""), Scanners.cased(1)),
  GPT4O(
      casedRegex(Regexes.CONTRACTION + "?", "{1,3}"),
      letterCase -> Scanners.casedWithContractions(letterCase, 3)),
  DIGIT("\\p{N}", Scanners.digits(1)),
  THREE_DIGITS("\\p{N}{1,3}", Scanners.digits(3)),
  ALL_DIGITS("\\p{N}+", Scanners.digits(MANY)),
  THREE_ASCII_DIGITS("[0-9][0-9][0-9]", Scanners.threeAsciiDigits()),
  FALCON_SIGNS("[\\p{P}\\$\\+<=>\\^~\\|`]+", Scanners.punctuationOr("$+<=>^~|`")),
  DEFAULT_SIGNS("[\\p{P}\\$\\+<=>\\^~\\|]+", Scanners.punctuationOr("$+<=>^~|")),
  LINE_END("[\\r\\n]", Scanners.lineEnd()),
  SPACED_LETTERS("\\s?\\p{L}+", Scanners.spacedRun(LETTER)),
  SPACED_PUNCTUATION("\\s?\\p{P}+", Scanners.spacedRun(PUNCTUATION)),
  DEEPSEEK_CODER_EAST_ASIAN("[一-龥ࠀ-一가-\uD7FF]+", Scanners.deepseekCoderEastAsian()),
  DEEPSEEK_V3_EAST_ASIAN("[一-龥\u3040-ゟ゠-ヿ]+", Scanners.deepseekV3EastAsian()),
  DEEPSEEK_V3_WORDS(
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
          + Regexes.SPACES,
      Scanners.deepseekV3Words()),
  BLOOM(" ?[^(\\s|.,!?…。，、।۔،)]+", Scanners.bloom()),
  SPACE("\\s", Scanners.space()),
  SIGN("[\\p{P}!-/:-@\\[-`{-~]", Scanners.sign()),
  WORDS("\\w+|[^\\w\\s]+", Scanners.words()),
  LINES("[^\\n]+|[\\n]+", Scanners.lines()),
  LETTERS_AND_ALL_DIGITS(
      gpt4Regex("\\p{L}", "+"), letterCase -> Scanners.gpt4(letterCase, LETTER, MANY)),
  UNCONTRACTED(gpt4WordsRegex("\\p{L}", ""), Scanners.gpt4Words(LETTER, 1)),
  BAILING(
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
      letterCase -> Scanners.gpt4(letterCase, LETTER, 1)),
  SEED_CODER(
      Regexes.CONTRACTION
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+"
          + Regexes.SPACES,
      Scanners::seedCoder),
  EXAONE_MOE(
      Regexes.CONTRACTION
          + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
      Scanners::exaoneMoe),
  JAIS2(
      Regexes.CONTRACTION
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + "|\\s*[\\r\\n]+|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)"
          + "|\\s{32}(?!\\S)|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}",
      Scanners::jais2),
  KIMI_K2(
      "[\\p{IsHan}]+|"
          + casedRegex("&&[^\\p{IsHan}]", Regexes.CONTRACTION + "?", "{1,3}", "\\r\\n"),
      Scanners::kimiK2),
  YOUTU_SCRIPTS(
      String.join("|", EastAsian.YOUTU.stream().map(ranges -> "[" + ranges + "]+").toList()),
      Scanners.runsOf(EastAsian.YOUTU)),
  YOUTU(
      casedRegex(Regexes.CONTRACTION + "?", ""),
      letterCase -> Scanners.casedWithContractions(letterCase, 1)),
  DEEPSEEK_LLM_LETTERS(
      "\\s?[" + CasedLetters.RANGES + "]+", Scanners.spacedRun(CasedLetters.RANGES)),
  DEEPSEEK_LLM_SIGNS(
      "\\s?[" + EastAsian.DEEPSEEK_SIGNS + "]+", Scanners.spacedRun(EastAsian.DEEPSEEK_SIGNS)),
  TRAILING_SPACE("\\s+$", WhiteSpace.TRAILING),
  AFMOE_SCRIPTS("[" + EastAsian.AFMOE + "]+", Scanners.runsOf(List.of(EastAsian.AFMOE))),
  AFMOE_DIGITS("\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))", DigitGroups.AFMOE),
  TINY_AYA_DIGITS("\\d{1,3}(?=(?:\\d{3})*\\b)", DigitGroups.TINY_AYA),
  SUPERBPE_DIGITS("(?=(\\d{3})+(?!\\d))", DigitGroups.SUPERBPE),
  SENTINEL("<sentinel:[0-9]+>", Scanners.sentinel()),
  IMAGE_TOKEN("(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", Scanners.imageToken()),
  CHAMELEON_SPACE("([\\t\\n]|    |  )", Scanners.chameleonSpace());

  private final String regex;
  private final Function<LetterCase, Cutter> cutter;

  WordPattern(String regex, Scanner scanner) {
    this(regex, Cutter.of(scanner));
  }

  WordPattern(String regex, Cutter cutter) {
    this.regex = regex;
    this.cutter = letterCase -> cutter;
  }

  WordPattern(String regex, Function<LetterCase, Scanner> scanner) {
    this.regex = regex;
    this.cutter = letterCase -> Cutter.of(scanner.apply(letterCase));
  }

  /** The pattern with exactly this regular expression. */
  public static Optional<WordPattern> ofRegex(String regex) {
    return Arrays.stream(values()).filter(pattern -> pattern.regex.equals(regex)).findFirst();
  }

  /** What the cutter recognises, in the syntax of {@link java.util.regex.Pattern}. */
  public String regex() {
    return regex;
  }

  public Cutter cutter() {
    return cutter.apply(LetterCase.ASCII);
  }

  /** The same where {@code (?i:..)} folds all of Unicode, as Oniguruma does. */
  public Cutter cutterFoldingUnicode() {
    return cutter.apply(LetterCase.UNICODE);
  }

  private static String gpt4Regex(String letters, String digits) {
    return Regexes.CONTRACTION + "|" + gpt4WordsRegex(letters, digits);
  }

  private static String gpt4WordsRegex(String letters, String digits) {
    return "[^\\r\\n\\p{L}\\p{N}]?"
        + (letters.length() > 5 ? "[" + letters + "]+" : letters + "+")
        + "|\\p{N}"
        + digits
        + "| ?[^\\s"
        + letters
        + "\\p{N}]+[\\r\\n]*"
        + Regexes.SPACES;
  }

  private static String casedRegex(String suffix, String digits) {
    return casedRegex("", suffix, digits, "\\r\\n/");
  }

  private static String casedRegex(String but, String suffix, String digits, String tail) {
    String lead = "[^\\r\\n\\p{L}\\p{N}]?";
    String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}" + but + "]";
    String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}" + but + "]";
    return (lead + upper + "*" + lower + "+" + suffix)
        + ("|" + lead + upper + "+" + lower + "*" + suffix)
        + ("|\\p{N}" + digits + "| ?[^\\s\\p{L}\\p{N}]+[" + tail + "]*" + Regexes.SPACES);
  }

  private static final class Regexes {
    static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }
}
