package dev.skipjack.kernels.vector;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.PackedChannels;
import dev.skipjack.kernels.PackedRows;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.activation.ActivationRegistry;
import dev.skipjack.kernels.support.BlockBuffers;
import dev.skipjack.kernels.support.BlockPanelProduct;
import dev.skipjack.kernels.support.BlockRowTensor;
import dev.skipjack.kernels.support.BlockRows;
import dev.skipjack.kernels.support.ChannelBlockTensor;
import dev.skipjack.kernels.support.ChannelBlocks;
import dev.skipjack.kernels.support.CodecSpans;
import dev.skipjack.kernels.support.CopiedTensor;
import dev.skipjack.kernels.support.FloatCacheKernels;
import dev.skipjack.kernels.support.IsolatedBlockPanelGroups;
import dev.skipjack.kernels.support.IsolatedBlockPanels;
import dev.skipjack.kernels.support.IsolatedCache;
import dev.skipjack.kernels.support.IsolatedChannelBlocks;
import dev.skipjack.kernels.support.IsolatedFloats;
import dev.skipjack.kernels.support.IsolatedPanels;
import dev.skipjack.kernels.support.IsolatedRowGroups;
import dev.skipjack.kernels.support.IsolatedSpans;
import dev.skipjack.kernels.support.PanelProduct;
import dev.skipjack.kernels.support.PromptProducts;
import dev.skipjack.kernels.support.RowGroupTensor;
import dev.skipjack.kernels.support.RowGroups;
import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.kernels.support.SpanKernels;
import dev.skipjack.kernels.support.SpanMatrix;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Vector API provider. A tensor type without kernels of its own runs through its codec. */
public final class VectorKernelProvider implements KernelProvider {
  private static final Set<String> X86 = Set.of("amd64", "x86_64", "x86");
  private static final int AVX2_BITS = 256;

  /** Types that are only copied where others are packed. */
  private static final Set<TensorType> COPIED = Set.of(TensorType.F32, TensorType.BF16);

  private final FloatKernels floats = new IsolatedFloats(new VectorFloatKernels());
  private final PanelProduct panels = new PanelProduct(new IsolatedPanels(new VectorPanels()));
  private final ScratchPool pool =
      new ScratchPool(Math.max(CodecSpans.SCRATCH, panels.turnLength()));
  private final PromptProducts products =
      new PromptProducts(
          panels, new BlockPanelProduct(new IsolatedBlockPanels(new VectorBlockPanels())), pool);
  private final F16Spans halves = new F16Spans(new CodecSpans(TensorType.F16, floats, pool), pool);
  private final SpanKernels finiteHalves = new IsolatedSpans(new FiniteF16Spans(halves, pool));
  private final Map<TensorType, SpanKernels> spans =
      Map.of(
          TensorType.F32, new IsolatedSpans(new F32Spans(pool)),
          TensorType.F16, new IsolatedSpans(halves),
          TensorType.BF16, new IsolatedSpans(new BF16Spans(pool)),
          TensorType.Q8_0, new IsolatedSpans(new Q8_0Spans()),
          TensorType.Q4_0, new IsolatedSpans(new Q4_0Spans()),
          TensorType.Q4_K, new IsolatedSpans(new Q4_KSpans()),
          TensorType.Q6_K, new IsolatedSpans(new Q6_KSpans()));

  private final Map<TensorType, RowGroups> groups =
      Map.of(
          TensorType.Q4_0, new IsolatedBlockPanelGroups(new Q4_0Groups()),
          TensorType.Q4_1, new IsolatedRowGroups(new Q4_1Groups()),
          TensorType.Q8_0, new IsolatedRowGroups(new Q8_0Groups()),
          TensorType.Q4_K, new IsolatedRowGroups(new Q4_KGroups()),
          TensorType.Q5_K, new IsolatedRowGroups(new Q5_KGroups()),
          TensorType.Q6_K, new IsolatedRowGroups(new Q6_KGroups()));

  private final BlockBuffers buffers = new BlockBuffers(Species.LANES);
  private final Map<TensorType, BlockRows> rows =
      Map.of(TensorType.Q4_0, new Q4_0Rows(), TensorType.Q8_0, new Q8_0Rows());

  private final Map<TensorType, ChannelBlocks> channels =
      Map.of(
          TensorType.Q4_0, new IsolatedChannelBlocks(new Q4_0Channels()),
          TensorType.Q8_0, new IsolatedChannelBlocks(new Q8_0Channels()));

  /**
   * @throws UnsupportedOperationException if this processor has no fused multiply-add in vectors
   */
  public VectorKernelProvider() {
    if (X86.contains(System.getProperty("os.arch")) && Species.preferredBits() < AVX2_BITS) {
      throw new UnsupportedOperationException(
          "No vector kernels: they need a processor with AVX2, and a JVM that may use it"
              + " (-XX:UseAVX=2 or more)");
    }
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int vectorBits() {
    return Species.BITS;
  }

  @Override
  public FloatKernels floats() {
    return floats;
  }

  @Override
  public RowMatrix matrix(Tensor tensor) {
    return matrix(tensor, spans(tensor.type()));
  }

  private RowMatrix matrix(Tensor tensor, SpanKernels kernels) {
    return new SpanMatrix(tensor, kernels, products.floats(), pool);
  }

  @Override
  public Optional<PackedTensor> packed(Tensor tensor) {
    if (tensor.type() == TensorType.F16) {
      return Optional.of(
          new CopiedTensor(tensor, FiniteF16Spans::holds, copy -> matrix(copy, finiteHalves)));
    }
    if (COPIED.contains(tensor.type())) {
      return Optional.of(new CopiedTensor(tensor, CopiedTensor.ANY, this::matrix));
    }
    RowGroups layout = groups.get(tensor.type());
    return Optional.ofNullable(layout).map(groups -> new RowGroupTensor(tensor, groups, products));
  }

  @Override
  public Optional<PackedRows> packedRows(Tensor tensor) {
    BlockRows layout = rows.get(tensor.type());
    return layout == null
        ? Optional.empty()
        : BlockRowTensor.of(tensor, layout, buffers, products.integers());
  }

  @Override
  public Optional<PackedChannels> packedChannels(Tensor tensor) {
    ChannelBlocks layout = channels.get(tensor.type());
    return layout == null
        ? Optional.empty()
        : ChannelBlockTensor.of(tensor, layout, floats, buffers);
  }

  @Override
  public CacheKernels cache(TensorType type) {
    return switch (type) {
      case F16 -> new IsolatedCache(new VectorF16Cache());
      case Q8_0 -> new IsolatedCache(new VectorQ8_0Cache());
      default -> new FloatCacheKernels(type);
    };
  }

  @Override
  public Activation activation(String name, float... parameters) {
    return ActivationRegistry.vector(name, parameters);
  }

  private SpanKernels spans(TensorType type) {
    SpanKernels own = spans.get(type);
    return own == null ? new CodecSpans(type, floats, pool) : own;
  }
}
