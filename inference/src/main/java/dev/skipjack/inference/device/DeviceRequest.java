package dev.skipjack.inference.device;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;
import java.util.Optional;

/**
 * What to compute on a device. The file stays open while the {@link DeviceDecoder} is.
 *
 * @param file where the tensors are
 * @param contextLength positions of a session
 * @param choices tokens that can be chosen: the first so many of the vocabulary
 * @param sparsity which neurons to compute: a method's name, never {@code auto}
 * @param thresholds that the method takes, one for each layer; none if it takes no number
 * @param hotNeurons what is known of them, if layers may be split
 */
public record DeviceRequest(
    DeviceOptions options,
    ModelFile file,
    DecoderSpec spec,
    int contextLength,
    int choices,
    String sparsity,
    List<Float> thresholds,
    Optional<HotNeurons> hotNeurons) {
  /** The sparsity methods that devices have. */
  public static final List<String> METHODS = List.of("dense", "exact", "cats", "predictor");

  public DeviceRequest {
    thresholds = List.copyOf(thresholds);
  }
}
