package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Fuzz target: whatever the bytes, a file opens with tensors inside it or is refused with a {@link
 * ModelFormatException}. The property test runs a few thousand mutations of the same kind.
 *
 * <p>As a program: {@code SafetensorsFuzz SECONDS [SEED_FILE...]}. On a finding it writes the file
 * that caused it to the working directory and fails with the exception.
 */
public final class SafetensorsFuzz {
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "0",
    "-1",
    "16",
    "1e9",
    "null",
    "9223372036854775807",
    "18446744073709551616",
    "\"F32\"",
    "\"F4\"",
    "\"a\"",
    "\"shape\"",
    "\"dtype\"",
    "\\u0000"
  };

  private SafetensorsFuzz() {}

  /**
   * Opens and reads a file.
   *
   * @return whether it was accepted
   * @throws AssertionError if an accepted tensor lies outside the file
   */
  static boolean run(Path path, byte[] content) throws IOException {
    Files.write(path, content);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (Tensor tensor : file.tensors().values()) {
        if (file.fileOffset(tensor) + tensor.byteSize() / 2 > content.length
            && tensor.byteSize() > 0) {
          throw new AssertionError(tensor + " lies outside the file");
        }
        tensor.toFloats();
      }
      return true;
    } catch (ModelFormatException e) {
      return false;
    }
  }

  /** Flips, copies, cuts and inserts, one to four times. */
  static byte[] mutate(byte[] valid, Random random) {
    byte[] content = valid.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(content.length);
      switch (random.nextInt(5)) {
        case 0 -> content[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> content[at] = (byte) random.nextInt();
        case 2 -> content = Arrays.copyOf(content, Math.max(1, at));
        case 3 -> content[random.nextInt(Math.min(8, content.length))] = (byte) random.nextInt();
        default -> content = insert(content, at, TOKENS[random.nextInt(TOKENS.length)]);
      }
    }
    return content;
  }

  /** Overwrites at {@code at}, so that the length field often stays right. */
  private static byte[] insert(byte[] content, int at, String token) {
    byte[] changed = content.clone();
    for (int i = 0; i < token.length() && at + i < changed.length; i++) {
      changed[at + i] = (byte) token.charAt(i);
    }
    return changed;
  }

  /** Runs the target on mutants for a number of seconds. */
  public static void main(String[] args) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(TestFiles.file(TestFiles.VALID_HEADER, new byte[24]));
    for (int i = 1; i < args.length; i++) {
      seeds.add(Files.readAllBytes(Path.of(args[i])));
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000;
    Path path = Files.createTempFile("fuzz", ".safetensors");
    long runs = 0;
    long valid = 0;
    try {
      for (; System.nanoTime() < end; runs++) {
        byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
        try {
          valid += run(path, mutant) ? 1 : 0;
        } catch (RuntimeException | Error finding) {
          Path file = Files.write(Path.of("finding-%d.safetensors".formatted(seed)), mutant);
          throw new IllegalStateException("run %d, see %s".formatted(runs, file), finding);
        }
      }
    } finally {
      Files.delete(path);
    }
    System.out.println(runs + " files, " + valid + " of them still valid, no finding");
  }
}
