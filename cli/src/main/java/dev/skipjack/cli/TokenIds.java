package dev.skipjack.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Token ids as people write them: {@code 1,2,3}, blanks allowed; at least one. */
record TokenIds(int... ids) {
  /** Reads the text form. */
  static final class Converter implements ITypeConverter<TokenIds> {
    @Override
    public TokenIds convert(String text) {
      return new TokenIds(
          Arrays.stream(text.split(",", -1)).map(String::strip).mapToInt(Converter::id).toArray());
    }

    private static int id(String text) {
      // Nine digits always fit an int, and no vocabulary comes near.
      if (!text.matches("[0-9]{1,9}")) {
        throw new TypeConversionException(
            "found \"%s\", expected token ids like 1,2,3".formatted(text));
      }
      return Integer.parseInt(text);
    }
  }

  /**
   * The ids, all known to a vocabulary.
   *
   * @throws CommandFailure naming the first that is not
   */
  int[] within(int vocabularySize) {
    for (int id : ids) {
      if (id >= vocabularySize) {
        throw new CommandFailure(
            "token " + id, "not in the vocabulary, expected 0 to " + (vocabularySize - 1));
      }
    }
    return ids;
  }
}
