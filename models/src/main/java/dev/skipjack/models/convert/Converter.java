package dev.skipjack.models.convert;

import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.models.Checkpoints;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Converts a checkpoint to one GGUF file. Stateless.
 *
 * <p>GGUF metadata is carried over as stored, that of a Hugging Face directory with the tokenizer's
 * files becomes GGUF's keys. Which tensor gets which type is {@link TypeMix}'s to say.
 */
public final class Converter {
  private Converter() {}

  /**
   * Converts. The output appears under its name only when it is complete, in place of a file that
   * may be there; after a failure or an interrupt of the thread nothing is left of it.
   *
   * @param input a GGUF file, the first part of a split one, or a Hugging Face directory
   * @throws dev.skipjack.loader.container.ModelFormatException if the input cannot be used as it is
   * @throws FileSystemException if the output cannot be written, or is the input
   * @throws ClosedByInterruptException or {@link InterruptedIOException}, if the thread is
   *     interrupted
   */
  public static ConversionSummary convert(
      Path input, Path output, ConversionOptions options, ConversionListener listener)
      throws IOException {
    OutputPath.check(input, output);
    try (ModelFile file = Checkpoints.open(input)) {
      ConversionPlan plan = ConversionPlan.of(file, options);
      plan.warnings().forEach(listener::warning);
      listener.started(plan.steps().size(), plan.outputBytes());
      try (TensorEncoder encoder = new TensorEncoder(file.source(), options.threads())) {
        write(plan, encoder, output, listener);
      }
      return plan.summary();
    } catch (InternalError e) {
      throw MappedFiles.explain(input.toString(), e);
    }
  }

  private static void write(
      ConversionPlan plan, TensorEncoder encoder, Path output, ConversionListener listener)
      throws IOException {
    GgufWriter writer = new GgufWriter().putAll(plan.keys());
    int number = 0;
    for (TensorStep step : plan.steps()) {
      int current = ++number;
      writer.tensor(
          step.source().name(),
          step.type(),
          step.source().shape(),
          sink -> {
            listener.tensor(current, step);
            encoder.encode(
                step,
                bytes -> {
                  sink.write(bytes);
                  listener.written(bytes.byteSize());
                });
          });
    }
    OutputPath.write(writer, output);
  }
}
