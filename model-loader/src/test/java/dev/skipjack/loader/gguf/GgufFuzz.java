package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Throws damaged files at the reader. Whatever the bytes, a file is either refused with a {@link
 * ModelFormatException} or every value and every tensor byte of it can be read.
 *
 * <p>As a program: {@code GgufFuzz SECONDS [SEED_FILE...]}. On a finding it prints the exception,
 * writes the file that caused it to the working directory and exits with 1.
 */
final class GgufFuzz {
  private GgufFuzz() {}

  /** Small valid files to start from. */
  static List<byte[]> seeds() {
    CraftedGguf tensorsOnly =
        new CraftedGguf()
            .tensor("a", 0, 0, 4, 2)
            .tensor("b", 2, 32, 32)
            .tensor("c", 30, 64, 3, 1, 2)
            .tensor("d", 0, 96)
            .zeros(100);
    CraftedGguf valuesOnly =
        new CraftedGguf()
            .u16("split.count", 1)
            .array("tokens", CraftedGguf.STRING, 3, raw -> raw.string("a").string("é").string(""));
    return List.of(
        CraftedGguf.valid().build(),
        CraftedGguf.valid().magic("PWRI").version(2).build(),
        tensorsOnly.build(),
        valuesOnly.build());
  }

  /**
   * Reads everything a file has.
   *
   * @return whether the file was valid
   */
  static boolean target(byte[] file) {
    try (GgufFile model = GgufFile.read(new ByteArrayInputStream(file), file.length, "fuzzed")) {
      for (String key : model.metadata().keys()) {
        model.metadata().value(key).orElseThrow();
      }
      for (Tensor tensor : model.tensors().values()) {
        touch(tensor);
        model.fileOffset(tensor);
      }
      return true;
    } catch (ModelFormatException refused) {
      return false;
    }
  }

  private static void touch(Tensor tensor) {
    for (long i = 0; i < tensor.byteSize(); i++) {
      tensor.data().get(ValueLayout.JAVA_BYTE, i);
    }
    long values = (long) tensor.rows() * tensor.cols();
    if (tensor.toFloats().length != values) {
      throw new IllegalStateException(tensor + " decodes to another number of values");
    }
  }

  /** Runs the target on mutants for a number of seconds. */
  public static void main(String[] args) throws IOException {
    List<byte[]> seeds = new ArrayList<>(seeds());
    for (int i = 1; i < args.length; i++) {
      seeds.add(Files.readAllBytes(Path.of(args[i])));
    }
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    GgufMutator mutator = new GgufMutator(random);
    long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000;
    long runs = 0;
    long valid = 0;
    while (System.nanoTime() < end) {
      byte[] mutant = mutator.mutate(seeds.get(random.nextInt(seeds.size())));
      try {
        valid += target(mutant) ? 1 : 0;
        runs++;
      } catch (RuntimeException | Error finding) {
        Path file = Files.write(Path.of("finding-%d.gguf".formatted(seed)), mutant);
        finding.printStackTrace();
        System.err.println("Run " + runs + " found the above; the file is " + file);
        System.exit(1);
      }
    }
    System.out.println(runs + " files, " + valid + " of them still valid, no finding");
  }
}
