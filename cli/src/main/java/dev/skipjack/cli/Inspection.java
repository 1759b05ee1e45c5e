package dev.skipjack.cli;

import dev.skipjack.inference.MemoryNeeds;
import dev.skipjack.inference.SparsityReadiness;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Everything a model file says about itself. A part that cannot be understood is absent, and a
 * warning says why.
 *
 * @param memory what loading it to compute takes
 * @param heapBytes what metadata, tensor table, description and tokenizer take
 * @param seconds it took to read them
 * @param warnings one sentence each
 */
record Inspection(
    ModelFile file,
    Optional<DecoderSpec> decoder,
    Optional<SparsityReadiness> sparsity,
    Optional<Tokenizer> tokenizer,
    Optional<MemoryNeeds> memory,
    long heapBytes,
    double seconds,
    List<String> warnings) {
  static Inspection of(ModelFile file) {
    List<String> warnings = new ArrayList<>();
    Optional<DecoderSpec> decoder = Optional.empty();
    if (file.tensors().isEmpty()) {
      warnings.add("no weights, only a vocabulary");
    } else {
      decoder = attempt(() -> Architectures.describe(file), warnings);
    }
    Optional<SparsityReadiness> sparsity =
        decoder.flatMap(spec -> attempt(() -> SparsityReadiness.of(file, spec), warnings));
    sparsity.ifPresent(readiness -> warnings.addAll(readiness.warnings()));
    Optional<Tokenizer> tokenizer = attempt(() -> Checkpoints.tokenizer(file), warnings);
    Optional<MemoryNeeds> memory =
        sparsity.isEmpty() ? Optional.empty() : decoder.map(spec -> MemoryNeeds.of(file, spec));
    return new Inspection(file, decoder, sparsity, tokenizer, memory, 0, 0, warnings);
  }

  Inspection withCost(long bytes, double time) {
    return new Inspection(file, decoder, sparsity, tokenizer, memory, bytes, time, warnings);
  }

  private static <T> Optional<T> attempt(Supplier<T> reader, List<String> warnings) {
    try {
      return Optional.of(reader.get());
    } catch (ModelFormatException e) {
      warnings.add(e.getMessage());
      return Optional.empty();
    }
  }

  Optional<FeedForwardSummary> feedForward() {
    return decoder.map(FeedForwardSummary::of);
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
