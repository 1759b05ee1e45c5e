package dev.skipjack.loader.container;

import dev.skipjack.loader.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * An open model container: metadata and a table of memory-mapped tensors, all validated before the
 * object exists. Immutable and safe to share between threads; closing it unmaps the tensors, and
 * whoever still reads one gets an {@link IllegalStateException}.
 */
public interface ModelFile extends AutoCloseable {
  /** The file or directory, for messages. */
  String source();

  /** The container and its version, for example {@code GGUF v3}. */
  String container();

  Metadata metadata();

  /** Tensors by name, in file order. */
  Map<String, Tensor> tensors();

  /** Byte offset of a tensor's data from the start of its file. */
  long fileOffset(Tensor tensor);

  default Optional<Tensor> tensor(String name) {
    return Optional.ofNullable(tensors().get(name));
  }

  @Override
  void close();
}
