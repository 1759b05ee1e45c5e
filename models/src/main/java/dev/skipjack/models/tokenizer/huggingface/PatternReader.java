package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.models.tokenizer.scan.Cutter;
import dev.skipjack.models.tokenizer.scan.RegexCutter;
import dev.skipjack.models.tokenizer.scan.Scanner;
import dev.skipjack.models.tokenizer.scan.WordPattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** Reads a pattern {@code {"String": ..}} or {@code {"Regex": ..}}. */
record PatternReader(TokenizerFile file) {
  Cutter read(JsonNode pattern) {
    String literal = pattern.path("String").asString("");
    if (!literal.isEmpty()) {
      return Cutter.of(
          (text, from, to) ->
              text.startsWith(literal, from) && from + literal.length() <= to
                  ? from + literal.length()
                  : Scanner.NONE);
    }
    String regex = pattern.path("Regex").asString("");
    try {
      return WordPattern.ofRegex(regex)
          .map(WordPattern::cutterFoldingUnicode)
          .orElseGet(() -> new RegexCutter(regex, file.path().toString()));
    } catch (PatternSyntaxException e) {
      throw file.failure("pattern", "\"" + regex + "\"", "a regular expression Java understands");
    }
  }
}
