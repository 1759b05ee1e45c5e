package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.FilePlace;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The rows of a tensor, read from its file one by one and not through the mapping: there a row
 * brings the pages around it into memory, up to 2 MB where the system keeps files in large pieces,
 * and those of a long text would bring most of the table.
 */
final class FileTable implements RowTable {
  private final FilePlace place;
  private final int rows;
  private final byte[] bytes;
  private final MemorySegment stored;
  private final CodecTable row;

  /**
   * @throws java.util.NoSuchElementException if the tensor does not know its file
   */
  FileTable(Tensor tensor) {
    this.place = tensor.place().orElseThrow();
    this.rows = tensor.rows();
    this.bytes = new byte[Math.toIntExact(tensor.rowBytes())];
    // Native, like what codecs read elsewhere: one kind of memory is what compilers like best.
    this.stored = Arena.ofAuto().allocate(bytes.length);
    this.row =
        new CodecTable(
            new Tensor(tensor.name(), tensor.type(), new long[] {1, tensor.cols()}, stored));
  }

  @Override
  public int cols() {
    return row.cols();
  }

  @Override
  public synchronized void row(int index, float[] out, int outOffset) {
    Objects.checkIndex(index, rows);
    place.read((long) index * bytes.length, bytes);
    stored.copyFrom(MemorySegment.ofArray(bytes));
    row.row(0, out, outOffset);
  }
}
