package dev.skipjack.loader.gguf;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file name of one part of a split model, {@code PREFIX-00002-of-00005.gguf}.
 *
 * @param number counted from 1
 */
record SplitName(Path directory, String prefix, int number, int count) {
  private static final Pattern FORM = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  static Optional<SplitName> of(Path file) {
    Matcher form = FORM.matcher(file.getFileName().toString());
    if (!form.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new SplitName(
            file.toAbsolutePath().getParent(),
            form.group(1),
            Integer.parseInt(form.group(2)),
            Integer.parseInt(form.group(3))));
  }

  /** The path of another part of the same model. */
  Path part(int otherNumber) {
    return directory.resolve("%s-%05d-of-%05d.gguf".formatted(prefix, otherNumber, count));
  }
}
