package dev.skipjack.models.tokenizer.scan;

import static dev.skipjack.models.tokenizer.scan.CharClass.LETTER;
import static dev.skipjack.models.tokenizer.scan.CharClass.MARK;
import static dev.skipjack.models.tokenizer.scan.CharClass.PUNCTUATION;

import dev.skipjack.models.tokenizer.scan.Contraction.LetterCase;

/**
 * The regular expressions that published tokenizers cut text with, each beside the scanner that
 * stands for it. {@code \s} and {@code \p} are Unicode's; case is ignored for ASCII only.
 */
public enum WordPattern {
  GPT2(
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
      Scanners.gpt2()),
  LLAMA3(gpt4Regex("\\p{L}", "{1,3}"), Scanners.gpt4(LetterCase.ASCII, LETTER, 3)),
  QWEN2(gpt4Regex("\\p{L}", ""), Scanners.gpt4(LetterCase.ASCII, LETTER, 1)),
  QWEN35(gpt4Regex("\\p{L}\\p{M}", ""), Scanners.gpt4(LetterCase.ASCII, LETTER | MARK, 1)),
  TEKKEN(casedRegex("", ""), Scanners.cased(1)),
  GPT4O(
      casedRegex(Regexes.CONTRACTION + "?", "{1,3}"),
      Scanners.casedWithContractions(LetterCase.ASCII, 3)),
  DIGIT("\\p{N}", Scanners.digits(1)),
  THREE_DIGITS("\\p{N}{1,3}", Scanners.digits(3)),
  ALL_DIGITS("\\p{N}+", Scanners.digits(Integer.MAX_VALUE)),
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
  LINES("[^\\n]+|[\\n]+", Scanners.lines());

  private final String regex;
  private final Scanner scanner;

  WordPattern(String regex, Scanner scanner) {
    this.regex = regex;
    this.scanner = scanner;
  }

  /** What the scanner recognises, in the syntax of {@link java.util.regex.Pattern}. */
  public String regex() {
    return regex;
  }

  public Scanner scanner() {
    return scanner;
  }

  private static String gpt4Regex(String letters, String digits) {
    return Regexes.CONTRACTION
        + "|[^\\r\\n\\p{L}\\p{N}]?"
        + (letters.length() > 5 ? "[" + letters + "]+" : letters + "+")
        + "|\\p{N}"
        + digits
        + "| ?[^\\s"
        + letters
        + "\\p{N}]+[\\r\\n]*"
        + Regexes.SPACES;
  }

  private static String casedRegex(String suffix, String digits) {
    String lead = "[^\\r\\n\\p{L}\\p{N}]?";
    String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    return (lead + upper + "*" + lower + "+" + suffix)
        + ("|" + lead + upper + "+" + lower + "*" + suffix)
        + ("|\\p{N}" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + Regexes.SPACES);
  }

  private static final class Regexes {
    static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }
}
