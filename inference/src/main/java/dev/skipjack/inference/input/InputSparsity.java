package dev.skipjack.inference.input;

import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.inference.input.InputMethod.Binding;
import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The linear maps of a model under one method of input sparsity. Immutable and thread-safe; owns
 * the channel-major copies of their weights.
 */
public final class InputSparsity implements Linears, AutoCloseable {
  private final Map<Integer, Map<LinearRole, Linear>> layers = new HashMap<>();
  private final Linears others;
  private final InputSpace.Needs needs;
  private final ChannelMajorCopies copies;

  private InputSparsity(
      KernelProvider kernels,
      List<LayerWeight> weights,
      List<Binding> bindings,
      int layerCount,
      ChannelMajorCopies copies,
      ThreadTeam team) {
    this.copies = copies;
    this.others = Linears.dense(kernels);
    TreeSet<Integer> widths = new TreeSet<>();
    int rank = 0;
    int partialOutputs = 0;
    for (int i = 0; i < weights.size(); i++) {
      LayerWeight weight = weights.get(i);
      Binding binding = bindings.get(i);
      widths.add(weight.inputs());
      rank = Math.max(rank, binding.rest().map(factors -> factors.v().rows()).orElse(0));
      ChannelWeight channels = copies.of(kernels, weight, team);
      partialOutputs = Math.max(partialOutputs, channels.partialOutputs());
      layers
          .computeIfAbsent(weight.layer(), layer -> new EnumMap<>(LinearRole.class))
          .put(weight.role(), map(kernels, weight, binding, channels));
    }
    this.needs = new InputSpace.Needs(widths, rank, partialOutputs, layerCount);
  }

  /**
   * Binds all maps, each by the method of its layer.
   *
   * @param file has the thresholds and factors that calibration found
   * @param methods of every layer, each with at most one number; layers whose method leaves out no
   *     inputs read all weights
   * @param team does the copying
   * @throws IllegalArgumentException if a method cannot serve its layer; says what could
   * @throws dev.skipjack.loader.container.ModelFormatException if the file's calibration does not
   *     fit the model
   */
  public static InputSparsity of(
      KernelProvider kernels,
      ModelFile file,
      DecoderSpec spec,
      List<ResolvedMethod> methods,
      ThreadTeam team) {
    SharedRules rules = new SharedRules();
    int layers = spec.layers().size();
    List<LayerSpec> masked =
        spec.layers().stream()
            .filter(layer -> InputMethods.knows(methods.get(layer.index()).name()))
            .toList();
    ChannelMajorCopies copies = new ChannelMajorCopies();
    try {
      List<LayerWeight> weights = weights(spec.withLayers(masked), methods);
      List<Binding> bindings = new ArrayList<>();
      for (LayerWeight weight : weights) {
        ResolvedMethod method = methods.get(weight.layer());
        var context = new InputContext(file, weight, layers, method.numbers(), rules, team);
        bindings.add(bind(method.name(), context));
      }
      return new InputSparsity(kernels, weights, bindings, layers, copies, team);
    } catch (RuntimeException | Error e) {
      copies.close();
      throw e;
    }
  }

  /** The method that a file was calibrated for, if it leaves out inputs and can serve the model. */
  public static Optional<String> calibrated(Metadata metadata, DecoderSpec spec) {
    return metadata
        .string(SparseKeys.KIND)
        .filter(InputMethods::knows)
        .filter(method -> LayerWeight.refusal(spec).isEmpty());
  }

  /**
   * Bytes of the copies that any method takes, beside the weights that they copy.
   *
   * @param packing whether weights are packed
   */
  public static long copiedBytes(DecoderSpec spec, boolean packing) {
    return LayerWeight.of(spec).stream()
        .mapToLong(weight -> ChannelMajorCopies.bytes(weight, packing))
        .sum();
  }

  /** Bytes of all copies. */
  public long copiedBytes() {
    return copies.byteSize();
  }

  private static List<LayerWeight> weights(DecoderSpec masked, List<ResolvedMethod> methods) {
    try {
      return LayerWeight.of(masked);
    } catch (IllegalArgumentException e) {
      String method = methods.get(masked.layers().getFirst().index()).name();
      throw new IllegalArgumentException("%s: %s".formatted(method, e.getMessage()), e);
    }
  }

  private static Binding bind(String method, InputContext context) {
    try {
      return InputMethods.require(method).binder().bind(context);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(method, e.getMessage()), e);
    }
  }

  private static Linear map(
      KernelProvider kernels, LayerWeight weight, Binding binding, ChannelWeight channels) {
    LinearSpec spec = weight.spec();
    // Batches are read from the file: a packed copy beside the channel-major one would be a third.
    KernelProvider plain = kernels.rowMajor();
    Linear dense = weight.transposed() ? Linear.transposed(plain, spec) : Linear.dense(plain, spec);
    Optional<LowRank> rest =
        binding.rest().map(factors -> new LowRank(plain, factors, spec.scale()));
    return new ChannelLinear(
        new MaskedLinear(kernels.floats(), weight, dense, binding.rule(), rest),
        channels,
        new Affine(kernels.floats(), spec));
  }

  @Override
  public Linear bind(int layer, LinearRole role, LinearSpec spec) {
    return layers.containsKey(layer) ? layers.get(layer).get(role) : others.bind(layer, role, spec);
  }

  @Override
  public Linear bindTransposed(int layer, LinearRole role, LinearSpec spec) {
    return layers.containsKey(layer)
        ? layers.get(layer).get(role)
        : others.bindTransposed(layer, role, spec);
  }

  @Override
  public Optional<InputSpace> newInputSpace(int batch, int workers) {
    return Optional.of(new InputSpace(needs, batch, workers));
  }

  /** What was done to the weights, in one line for people. */
  public String description() {
    return copies.description();
  }

  /** Frees the copies. */
  @Override
  public void close() {
    copies.close();
  }
}
