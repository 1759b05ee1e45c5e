package dev.skipjack.cli;

import java.util.Arrays;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers from 0 up as people write them: {@code 0,512,4096}, blanks allowed; at least one. */
record Counts(int... values) {
  /** Reads the text form. */
  static final class Converter implements ITypeConverter<Counts> {
    @Override
    public Counts convert(String text) {
      return new Counts(
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .mapToInt(Converter::count)
              .toArray());
    }

    private static int count(String text) {
      // Nine digits always fit an int, and so does the sum of two.
      if (!text.matches("[0-9]{1,9}")) {
        throw new TypeConversionException(
            "found \"%s\", expected numbers like 0,512,4096".formatted(text));
      }
      return Integer.parseInt(text);
    }
  }

  IntStream stream() {
    return Arrays.stream(values);
  }
}
