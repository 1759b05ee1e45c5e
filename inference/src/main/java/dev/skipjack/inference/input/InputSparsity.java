package dev.skipjack.inference.input;

import dev.skipjack.inference.input.InputMethod.Binding;
import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The linear maps of a model under one method of input sparsity. Immutable and thread-safe; owns
 * the channel-major copies of their weights.
 */
public final class InputSparsity implements Linears, AutoCloseable {
  private final List<Map<LinearRole, Linear>> layers = new ArrayList<>();
  private final InputSpace.Needs needs;
  private final ChannelMajorCopies copies;

  private InputSparsity(
      KernelProvider kernels,
      List<LayerWeight> weights,
      List<Binding> bindings,
      ChannelMajorCopies copies,
      ThreadTeam team) {
    this.copies = copies;
    TreeSet<Integer> widths = new TreeSet<>();
    int rank = 0;
    for (int i = 0; i < weights.size(); i++) {
      LayerWeight weight = weights.get(i);
      Binding binding = bindings.get(i);
      widths.add(weight.inputs());
      rank = Math.max(rank, binding.rest().map(factors -> factors.v().rows()).orElse(0));
      if (weight.layer() == layers.size()) {
        layers.add(new EnumMap<>(LinearRole.class));
      }
      layers.getLast().put(weight.role(), map(kernels, weight, binding, team));
    }
    this.needs = new InputSpace.Needs(widths, rank, layers.size());
  }

  /**
   * Binds all maps.
   *
   * @param file has the thresholds and factors that calibration found
   * @param method a name that {@link InputMethods#check} accepts
   * @param parameters the numbers given with it
   * @param team does the copying
   * @throws IllegalArgumentException if the method cannot serve the model; says what could
   * @throws dev.skipjack.loader.container.ModelFormatException if the file's calibration does not
   *     fit the model
   */
  public static InputSparsity of(
      KernelProvider kernels,
      ModelFile file,
      DecoderSpec spec,
      String method,
      List<Float> parameters,
      ThreadTeam team) {
    InputMethod chosen = InputMethods.require(method);
    SharedRules rules = new SharedRules();
    int layers = spec.layers().size();
    ChannelMajorCopies copies = new ChannelMajorCopies();
    try {
      List<LayerWeight> weights = LayerWeight.of(spec);
      List<Binding> bindings =
          weights.stream()
              .map(weight -> new InputContext(file, weight, layers, parameters, rules, team))
              .map(chosen.binder()::bind)
              .toList();
      return new InputSparsity(kernels, weights, bindings, copies, team);
    } catch (IllegalArgumentException e) {
      copies.close();
      throw new IllegalArgumentException("%s: %s".formatted(method, e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      copies.close();
      throw e;
    }
  }

  private Linear map(KernelProvider kernels, LayerWeight weight, Binding binding, ThreadTeam team) {
    LinearSpec spec = weight.spec();
    // Batches are read from the file: a packed copy beside the channel-major one would be a third.
    KernelProvider plain = kernels.rowMajor();
    Linear dense = weight.transposed() ? Linear.transposed(plain, spec) : Linear.dense(plain, spec);
    Optional<LowRank> rest =
        binding.rest().map(factors -> new LowRank(plain, factors, spec.scale()));
    return new ChannelLinear(
        new MaskedLinear(kernels.floats(), weight, dense, binding.rule(), rest),
        copies.of(kernels, weight, team),
        new Affine(kernels.floats(), spec));
  }

  @Override
  public Linear bind(int layer, LinearRole role, LinearSpec spec) {
    return layers.get(layer).get(role);
  }

  @Override
  public Linear bindTransposed(int layer, LinearRole role, LinearSpec spec) {
    return layers.get(layer).get(role);
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
