package dev.skipjack.inference.device;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;

/**
 * What to compute on a device. The file stays open while the {@link DeviceDecoder} is.
 *
 * @param file where the tensors are
 * @param contextLength positions of a session
 * @param sparsity which neurons to compute: a method's name
 * @param parameters the numbers given with it
 */
public record DeviceRequest(
    DeviceOptions options,
    ModelFile file,
    DecoderSpec spec,
    int contextLength,
    String sparsity,
    List<Float> parameters) {
  public DeviceRequest {
    parameters = List.copyOf(parameters);
  }
}
