package dev.skipjack.kernels;

import dev.skipjack.kernels.memory.NativeMemory;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Kernels of another provider whose {@link #dense} matrices are packed copies in native memory
 * where the provider knows a faster layout. Copies are made one tensor at a time by all workers,
 * some megabytes after the other, and the pages of a mapped original are given back at once, so
 * that loading never holds much more than one copy. Making matrices is for one thread; the matrices
 * are thread-safe until {@link #close}.
 */
public final class PackingProvider extends ForwardingProvider implements AutoCloseable {
  /** Bytes of an original whose pages are in memory at a time. */
  private static final long SLICE = 16L << 20;

  private final ThreadTeam team;
  private final NativeMemory memory = new NativeMemory();
  private long bytes;

  public PackingProvider(KernelProvider kernels, ThreadTeam team) {
    super(kernels);
    this.team = team;
  }

  /** Bytes of all copies so far. */
  public long packedBytes() {
    return bytes;
  }

  @Override
  public Matrix dense(Tensor tensor) {
    Optional<PackedTensor> layout = kernels.packed(tensor);
    if (layout.isEmpty()) {
      return kernels.dense(tensor);
    }
    Consumer<Parts> division = work -> inSlices(tensor, layout.get().parts(), work);
    if (!survey(layout.get(), division)) {
      return kernels.dense(tensor);
    }
    return layout.get().matrix(pack(layout.get(), division));
  }

  /** The tensor itself stays at hand: whole products are made of it. */
  @Override
  public Optional<Channels> channels(Tensor tensor) {
    Optional<PackedChannels> layout = kernels.packedChannels(tensor);
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    Consumer<Parts> division = work -> divide(0, layout.get().parts(), work);
    if (!survey(layout.get(), division)) {
      return Optional.empty();
    }
    return Optional.of(layout.get().over(pack(layout.get(), division)));
  }

  /**
   * @param division has the workers do something to all parts
   */
  private boolean survey(Packing layout, Consumer<Parts> division) {
    AtomicBoolean fits = new AtomicBoolean(true);
    division.accept(
        (from, to) -> {
          if (!layout.survey(from, to)) {
            fits.set(false);
          }
        });
    return fits.get();
  }

  private MemorySegment pack(Packing layout, Consumer<Parts> division) {
    MemorySegment copy = allocate(layout.byteSize());
    division.accept((from, to) -> layout.pack(copy, from, to));
    return copy;
  }

  @Override
  public Rows rows(Tensor tensor) {
    Optional<PackedRows> layout = kernels.packedRows(tensor);
    return layout.isPresent() ? pack(tensor, layout.get()) : kernels.rows(tensor);
  }

  private Rows pack(Tensor tensor, PackedRows layout) {
    return pack(tensor, layout, allocate(layout.byteSize()), layout.places());
  }

  private Rows pack(Tensor tensor, PackedRows layout, MemorySegment copy, RowPlaces places) {
    inSlices(tensor, layout.rows(), (from, to) -> layout.pack(copy, places, from, to));
    return layout.over(copy, places);
  }

  /**
   * One copy in which rows take turns, if all can be packed: a neuron is then one place to miss.
   * The last row is fetched with the one before it, and not again when it is added to a sum; those
   * before that may tell that it is not wanted.
   */
  @Override
  public List<Rows> bundle(List<Tensor> tensors) {
    List<PackedRows> layouts =
        tensors.stream().flatMap(tensor -> kernels.packedRows(tensor).stream()).toList();
    boolean alike = layouts.stream().mapToInt(PackedRows::rows).distinct().count() == 1;
    if (layouts.size() < tensors.size() || !alike) {
      return tensors.stream().map(this::rows).toList();
    }
    long stride = layouts.stream().mapToLong(PackedRows::rowBytes).sum();
    MemorySegment copy = allocate(stride * layouts.getFirst().rows());
    List<Rows> bundle = new ArrayList<>();
    long first = 0;
    for (int i = 0; i < layouts.size(); i++) {
      PackedRows layout = layouts.get(i);
      long following = i == layouts.size() - 2 ? layouts.getLast().rowBytes() : 0;
      boolean ahead = i > 0 && i == layouts.size() - 1;
      RowPlaces places = new RowPlaces(first, stride, following, ahead);
      bundle.add(pack(tensors.get(i), layout, copy, places));
      first += layout.rowBytes();
    }
    return bundle;
  }

  private MemorySegment allocate(long byteSize) {
    bytes += byteSize;
    return memory.allocate(byteSize);
  }

  /**
   * Has all workers read a tensor slice by slice, and gives back the pages of each when it was
   * read: what needs them again gets them from the file.
   *
   * @param parts of the tensor, equally many bytes each, in their order
   */
  private void inSlices(Tensor tensor, int parts, Parts work) {
    int slices = (int) Math.min(parts, Math.ceilDiv(tensor.byteSize(), SLICE));
    for (int slice = 0; slice < slices; slice++) {
      int from = share(parts, slice, slices);
      int to = share(parts, slice + 1, slices);
      divide(from, to, work);
      release(tensor, tensor.byteSize() * from / parts, tensor.byteSize() * to / parts);
    }
  }

  private static int share(int parts, int slice, int slices) {
    return (int) ((long) parts * slice / slices);
  }

  private void divide(int from, int to, Parts work) {
    int count = to - from;
    team.run(worker -> work.run(from + worker.from(count, 1), from + worker.to(count, 1)));
  }

  private static void release(Tensor tensor, long from, long to) {
    if (tensor.data().isMapped()) {
      tensor.data().asSlice(from, to - from).unload();
    }
  }

  @Override
  public KernelProvider rowMajor() {
    return kernels;
  }

  /** Frees the copies. */
  @Override
  public void close() {
    memory.close();
  }

  /** Something that workers do to parts {@code [from, to)}. */
  @FunctionalInterface
  private interface Parts {
    void run(int from, int to);
  }
}
