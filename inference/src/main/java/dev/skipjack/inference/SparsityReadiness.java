package dev.skipjack.inference;

import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a model offers to sparse computation, told from its description alone. Needs no Vector API.
 *
 * @param exactZeros whether every layer's activation maps a region to exact zeros, so that neurons
 *     can be skipped without changing the result
 * @param predictor whether every layer has an activation predictor
 * @param neuronMajor whether every layer's down projection can be read neuron by neuron as it is
 * @param warnings one sentence each, for people
 */
public record SparsityReadiness(
    boolean exactZeros, boolean predictor, boolean neuronMajor, List<String> warnings) {
  private static final List<String> NAMES_OF_RELU_MODELS = List.of("relu", "prosparse");
  private static final List<String> TENSORS_OF_RELU_MODELS =
      List.of(".fc1.weight", ".fc2.weight", ".ffn_down_t.weight");

  public SparsityReadiness {
    warnings = List.copyOf(warnings);
  }

  /** Whether skipping neurons needs a threshold or predictor that is still to be found. */
  public boolean needsCalibration() {
    return !exactZeros && !predictor;
  }

  /**
   * Judges a described model.
   *
   * @throws ModelFormatException if it asks for an unknown activation
   */
  public static SparsityReadiness of(ModelFile file, DecoderSpec spec) {
    List<Dense> networks = spec.layers().stream().flatMap(SparsityReadiness::networks).toList();
    boolean exactZeros = networks.stream().allMatch(network -> exactZeros(file, network));
    return new SparsityReadiness(
        exactZeros,
        networks.stream().allMatch(network -> network.predictor().isPresent()),
        networks.stream().allMatch(network -> network.down().byNeuron().isPresent()),
        exactZeros || file.metadata().has(SparseKeys.CALIBRATION)
            ? List.of()
            : warnings(file, networks));
  }

  private static Stream<Dense> networks(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense -> Stream.of(dense);
      case MixtureOfExperts mixture -> mixture.experts().stream();
    };
  }

  private static boolean exactZeros(ModelFile file, Dense network) {
    ActivationSpec activation = network.activation();
    try {
      return network.topK().isPresent()
          || KernelProviders.create("scalar")
              .activation(activation.name(), activation.parameters())
              .exactZeros();
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(file.source() + ": " + e.getMessage(), e);
    }
  }

  private static String fileName(ModelFile file) {
    return Path.of(file.source()).getFileName().toString();
  }

  /**
   * A model made sparse by ReLU is useless with SiLU, yet old files do not name their activation.
   */
  private static List<String> warnings(ModelFile file, List<Dense> networks) {
    List<String> warnings = new ArrayList<>();
    String names =
        (fileName(file) + " " + file.metadata().string("general.name").orElse(""))
            .toLowerCase(Locale.ROOT);
    String activation = "" + networks.getFirst().activation();
    String remedy =
        "but the file asks for %s; if it is one, pass --ffn-activation relu".formatted(activation);
    NAMES_OF_RELU_MODELS.stream()
        .filter(names::contains)
        .findFirst()
        .ifPresent(name -> warnings.add("the name says \"%s\", %s".formatted(name, remedy)));
    file.tensors().keySet().stream()
        .filter(tensor -> TENSORS_OF_RELU_MODELS.stream().anyMatch(tensor::endsWith))
        .findFirst()
        .ifPresent(
            tensor ->
                warnings.add("tensor %s is one of a ReLU model, %s".formatted(tensor, remedy)));
    return warnings;
  }
}
