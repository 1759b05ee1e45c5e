package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * A named tensor whose bytes stay where the container put them.
 *
 * <p>The shape is row-major, outermost dimension first: a linear layer is {@code [rows x cols] =
 * [outputs x inputs]}. The last dimension is contiguous and holds whole blocks. Immutable and safe
 * to share between threads while the owning {@code ModelFile} is open.
 */
public final class Tensor {
  private final String name;
  private final TensorType type;
  private final long[] shape;
  private final MemorySegment data;
  private final Optional<FilePlace> place;

  /**
   * @param shape row-major, outermost first; an empty shape is a scalar
   * @param data exactly {@code type.byteSize(elements)} bytes
   * @throws IllegalArgumentException if the data size does not fit the shape
   */
  public Tensor(String name, TensorType type, long[] shape, MemorySegment data) {
    this(name, type, shape, data, Optional.empty());
  }

  private Tensor(
      String name, TensorType type, long[] shape, MemorySegment data, Optional<FilePlace> place) {
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.data = data;
    this.place = place;
    if (type.byteSize(elementCount()) != data.byteSize()) {
      throw new IllegalArgumentException(
          "tensor %s: %s %s needs %d bytes, has %d"
              .formatted(
                  name,
                  type,
                  Arrays.toString(shape),
                  type.byteSize(elementCount()),
                  data.byteSize()));
    }
  }

  public String name() {
    return name;
  }

  public TensorType type() {
    return type;
  }

  /** Dimensions, outermost first. */
  public long[] shape() {
    return shape.clone();
  }

  /** The bytes of all blocks, row after row. */
  public MemorySegment data() {
    return data;
  }

  /** Where the same bytes can be read from an open file, for data that is a mapping of one. */
  public Optional<FilePlace> place() {
    return place;
  }

  /** The same tensor, whose bytes lie in a file. */
  public Tensor at(FilePlace found) {
    return new Tensor(name, type, shape, data, Optional.of(found));
  }

  public long byteSize() {
    return data.byteSize();
  }

  public long elementCount() {
    long count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, dimension);
    }
    return count;
  }

  /** The contiguous (last) dimension; 1 for a scalar. */
  public int cols() {
    return shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
  }

  /** The product of all dimensions but the last. */
  public int rows() {
    long rows = 1;
    for (int i = 0; i + 1 < shape.length; i++) {
      rows = Math.multiplyExact(rows, shape[i]);
    }
    return Math.toIntExact(rows);
  }

  /** Bytes of one row. */
  public long rowBytes() {
    return type.byteSize(cols());
  }

  /** Rows {@code [from, from + count)} as a matrix that shares this tensor's bytes. */
  public Tensor rows(long from, int count) {
    return part(new long[] {count, cols()}, from * rowBytes(), count * rowBytes());
  }

  /** Elements {@code [from, from + count)} of a vector, sharing this tensor's bytes. */
  public Tensor elements(int from, int count) {
    return part(new long[] {count}, type.byteSize(from), type.byteSize(count));
  }

  private Tensor part(long[] partShape, long offset, long size) {
    Optional<FilePlace> partPlace = place.map(whole -> whole.plus(offset));
    return new Tensor(name, type, partShape, data.asSlice(offset, size), partPlace);
  }

  /** Matrix {@code index} of a stack {@code [stack x rows x cols]}, sharing its bytes. */
  public Tensor matrix(int index) {
    long rows = shape[shape.length - 2];
    return rows(index * rows, Math.toIntExact(rows));
  }

  /** The same bytes under another name. */
  public Tensor renamed(String newName) {
    return new Tensor(newName, type, shape, data, place);
  }

  /** All values as floats, in a new array. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(elementCount())];
    type.codec().decode(data, 0, values, 0, values.length);
    return values;
  }

  @Override
  public String toString() {
    return name + " " + type + " " + Arrays.toString(shape);
  }
}
