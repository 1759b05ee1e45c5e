package dev.skipjack.cli;

import dev.skipjack.inference.SparsityReadiness;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Everything a model file says about itself. A part that cannot be understood becomes a problem in
 * words, and the rest is still shown.
 */
record Inspection(
    ModelFile file,
    Part<DecoderSpec> decoder,
    Part<Tokenizer> tokenizer,
    Optional<SparsityReadiness> sparsity) {
  /**
   * A part of a model file.
   *
   * @param problem why the value is absent, or the empty string
   */
  record Part<T>(Optional<T> value, String problem) {
    private static <T> Part<T> of(Supplier<T> reader) {
      try {
        return new Part<>(Optional.of(reader.get()), "");
      } catch (ModelFormatException e) {
        return new Part<>(Optional.empty(), e.getMessage());
      }
    }
  }

  static Inspection of(ModelFile file, Supplier<Tokenizer> tokenizer) {
    Part<DecoderSpec> decoder =
        file.tensors().isEmpty()
            ? new Part<>(Optional.empty(), "a vocabulary without weights")
            : Part.of(() -> Architectures.describe(file));
    return new Inspection(
        file,
        decoder,
        Part.of(tokenizer),
        decoder.value().map(spec -> SparsityReadiness.of(file, spec)));
  }

  /** What keeps this file from being run as it is, and what a user should know. */
  List<String> warnings() {
    return Stream.concat(
            Stream.of(decoder.problem(), tokenizer.problem()).filter(problem -> !problem.isEmpty()),
            sparsity.stream().flatMap(readiness -> readiness.warnings().stream()))
        .toList();
  }

  Optional<FeedForwardSummary> feedForward() {
    return decoder.value().map(FeedForwardSummary::of);
  }

  String architecture() {
    return file.metadata().string("general.architecture").orElse("unknown");
  }

  String name() {
    return file.metadata().string("general.name").orElse("");
  }

  Collection<Tensor> tensors() {
    return file.tensors().values();
  }

  long parameters() {
    return tensors().stream().mapToLong(Tensor::elementCount).sum();
  }

  long bytes() {
    return tensors().stream().mapToLong(Tensor::byteSize).sum();
  }

  /** How many tensors there are of each type. */
  Map<String, Integer> types() {
    Map<String, Integer> types = new TreeMap<>();
    tensors().forEach(tensor -> types.merge(tensor.type().name(), 1, Integer::sum));
    return types;
  }

  /** A shape in the container's own order: GGUF counts from the contiguous dimension outwards. */
  long[] shape(Tensor tensor) {
    long[] shape = tensor.shape();
    if (file.container().contains("GGUF")) {
      for (int i = 0, j = shape.length - 1; i < j; i++, j--) {
        long swapped = shape[i];
        shape[i] = shape[j];
        shape[j] = swapped;
      }
    }
    return shape;
  }
}
