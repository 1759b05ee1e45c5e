package dev.skipjack.models.convert;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Computes the bytes of tensors, a chunk of rows at a time and the rows of a chunk in parallel.
 * Memory is one chunk and a row of floats per thread, whatever the size of the tensor. Used by one
 * thread at a time.
 */
final class TensorEncoder implements AutoCloseable {
  /** Large enough to keep all threads busy, small enough not to matter. */
  private static final long CHUNK_BYTES = 8 << 20;

  /** What a scale in half precision can hold. */
  private static final float HALF_LIMIT = 65504;

  private final String source;
  private final int threads;
  private final ExecutorService workers;

  /**
   * @param source the model, for messages
   */
  TensorEncoder(String source, int threads) {
    this.source = source;
    this.threads = threads;
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("encode-", 0)::unstarted);
  }

  /**
   * Delivers all bytes of a tensor in its new type.
   *
   * @throws ModelFormatException if a value cannot be expressed in that type
   * @throws InterruptedIOException if the thread is interrupted
   */
  void encode(TensorStep step, GgufWriter.Sink sink) throws IOException {
    Tensor matrix = matrix(step);
    long rowBytes = step.type().byteSize(matrix.cols());
    int rows = matrix.rows();
    int chunkRows = Math.clamp(CHUNK_BYTES / Math.max(1, rowBytes), 1, Math.max(1, rows));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment chunk = arena.allocate(chunkRows * rowBytes, Long.BYTES);
      for (int row = 0; row < rows; row += chunkRows) {
        int count = Math.min(chunkRows, rows - row);
        encode(step, matrix, row, count, chunk);
        sink.write(chunk.asSlice(0, count * rowBytes));
      }
    }
  }

  /** Where rows move, an element of a vector is a row. */
  private static Tensor matrix(TensorStep step) {
    Tensor tensor = step.source();
    return tensor.shape().length == 1 && !step.rows().equals(RowOrder.AS_IS)
        ? new Tensor(
            tensor.name(), tensor.type(), new long[] {tensor.elementCount(), 1}, tensor.data())
        : tensor;
  }

  private void encode(TensorStep step, Tensor matrix, int first, int count, MemorySegment chunk)
      throws IOException {
    int share = Math.ceilDiv(count, threads);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int start = 0; start < count; start += share) {
      int from = start;
      int to = Math.min(count, start + share);
      tasks.add(
          () -> {
            RowEncoder encoder = new RowEncoder(step, matrix);
            for (int i = from; i < to; i++) {
              encoder.encode(first + i, chunk, i);
            }
            return null;
          });
    }
    await(tasks);
  }

  private void await(List<Callable<Void>> tasks) throws IOException {
    try {
      for (Future<Void> result : workers.invokeAll(tasks)) {
        result.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while encoding");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure -> throw new IllegalStateException(failure);
      }
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }

  /** Encodes rows of one tensor on one thread. */
  private final class RowEncoder {
    private final TensorStep step;
    private final Tensor matrix;
    private final int cols;
    private final long targetBytes;
    private final float[] values;

    RowEncoder(TensorStep step, Tensor matrix) {
      this.step = step;
      this.matrix = matrix;
      this.cols = matrix.cols();
      this.targetBytes = step.type().byteSize(cols);
      this.values = new float[step.copies() ? 0 : cols];
    }

    /** Writes output row {@code row} as row {@code position} of the chunk. */
    void encode(int row, MemorySegment chunk, int position) {
      long from = step.rows().source(row) * matrix.rowBytes();
      long to = position * targetBytes;
      if (step.copies()) {
        MemorySegment.copy(matrix.data(), from, chunk, to, targetBytes);
        return;
      }
      matrix.type().codec().decode(matrix.data(), from, values, 0, cols);
      if (step.type() != TensorType.F32 && step.type() != TensorType.BF16) {
        requireHalfRange(row);
      }
      step.type().codec().encode(values, 0, cols, chunk, to);
    }

    private void requireHalfRange(int row) {
      for (float value : values) {
        if (!(Math.abs(value) <= HALF_LIMIT)) {
          throw new ModelFormatException(
              source,
              "tensor %s, row %d".formatted(matrix.name(), row),
              "" + value,
              "magnitudes up to %.0f for %s; f32 and bf16 hold it"
                  .formatted(HALF_LIMIT, step.type()));
        }
      }
    }
  }
}
