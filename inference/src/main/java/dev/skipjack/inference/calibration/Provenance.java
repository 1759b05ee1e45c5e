package dev.skipjack.inference.calibration;

import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Tells calibrations apart by everything that their results depend on. */
final class Provenance {
  private static final int SAMPLE_BYTES = 4096;

  private Provenance() {}

  /** One line for people and for comparison; paths and thread counts are not part of it. */
  static String of(GgufFile file, SparsifyOptions options) {
    StringBuilder line =
        new StringBuilder("%s of model %08x".formatted(options.method().name(), checksum(file)));
    if (options.method().target().exists()) {
      line.append(", target %s".formatted(options.chosenTarget()));
    }
    if (options.method().needsText()) {
      line.append(
          ", %s (%08x), context %d, tokens %d, seed %d"
              .formatted(
                  options.textName(),
                  checksum(options.text()),
                  options.context(),
                  options.maxTokens(),
                  options.seed()));
    }
    String settings = options.chosenSettings().toString();
    return settings.isEmpty() ? line.toString() : line.append(", ").append(settings).toString();
  }

  private static long checksum(String text) {
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  /** Of names, types and the first bytes of all tensors: a model is too large to be read for it. */
  private static long checksum(GgufFile file) {
    CRC32C sum = new CRC32C();
    for (Tensor tensor : file.tensors().values()) {
      sum.update(tensor.toString().getBytes(StandardCharsets.UTF_8));
      long bytes = Math.min(SAMPLE_BYTES, tensor.byteSize());
      sum.update(tensor.data().asSlice(0, bytes).asByteBuffer());
    }
    return sum.getValue();
  }
}
