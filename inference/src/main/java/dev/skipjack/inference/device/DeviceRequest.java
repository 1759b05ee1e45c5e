package dev.skipjack.inference.device;

import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;

/**
 * What to compute on a device. The tensors stay readable while the {@link DeviceDecoder} is open.
 *
 * @param contextLength positions of a session
 * @param sparsity which neurons to compute: a method's name
 * @param parameters the numbers given with it
 */
public record DeviceRequest(
    DeviceOptions options,
    DecoderSpec spec,
    int contextLength,
    String sparsity,
    List<Float> parameters) {
  public DeviceRequest {
    parameters = List.copyOf(parameters);
  }
}
