package dev.skipjack.kernels;

import dev.skipjack.kernels.memory.NativeMemory;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Kernels of another provider whose {@link #dense} matrices are packed copies in native memory
 * where the provider knows a faster layout. Copies are made one tensor at a time by all workers,
 * and the pages of a mapped original are given back at once, so that loading never holds much more
 * than one copy. Making matrices is for one thread; the matrices are thread-safe until {@link
 * #close}.
 */
public final class PackingProvider extends ForwardingProvider implements AutoCloseable {
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
    Optional<PackedTensor> layout = kernels.packed(tensor).filter(this::survey);
    if (layout.isEmpty()) {
      return kernels.dense(tensor);
    }
    MemorySegment copy = pack(layout.get());
    release(tensor);
    return layout.get().matrix(copy);
  }

  /** The tensor itself stays at hand: whole products are made of it. */
  @Override
  public Optional<Channels> channels(Tensor tensor) {
    return kernels
        .packedChannels(tensor)
        .filter(this::survey)
        .map(layout -> layout.over(pack(layout)));
  }

  private boolean survey(Packing layout) {
    AtomicBoolean fits = new AtomicBoolean(true);
    team.run(
        worker -> {
          if (!layout.survey(worker.from(layout.parts(), 1), worker.to(layout.parts(), 1))) {
            fits.set(false);
          }
        });
    return fits.get();
  }

  private MemorySegment pack(Packing layout) {
    MemorySegment copy = allocate(layout.byteSize());
    team.run(
        worker -> layout.pack(copy, worker.from(layout.parts(), 1), worker.to(layout.parts(), 1)));
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
    int rows = layout.rows();
    team.run(worker -> layout.pack(copy, places, worker.from(rows, 1), worker.to(rows, 1)));
    release(tensor);
    return layout.over(copy, places);
  }

  /**
   * One copy in which rows take turns, if all can be packed: a neuron is then one place to miss.
   * The last row is fetched with the one before it; those before that may tell that it is not
   * wanted.
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
      RowPlaces places = new RowPlaces(first, stride, following);
      bundle.add(pack(tensors.get(i), layout, copy, places));
      first += layout.rowBytes();
    }
    return bundle;
  }

  private MemorySegment allocate(long byteSize) {
    bytes += byteSize;
    return memory.allocate(byteSize);
  }

  private static void release(Tensor tensor) {
    if (tensor.data().isMapped()) {
      tensor.data().unload();
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
}
