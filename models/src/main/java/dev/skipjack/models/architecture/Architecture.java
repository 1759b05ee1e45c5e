package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.DecoderSpec;

/**
 * How one family of checkpoints maps to a {@link DecoderSpec}: one file per family, registered in
 * {@link Architectures}. Implementations are stateless.
 */
public interface Architecture {
  /** The value of {@code general.architecture}. */
  String name();

  /**
   * Binds the checkpoint's metadata and tensors.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if a key or tensor is missing or
   *     disagrees with another
   */
  DecoderSpec describe(Checkpoint checkpoint);
}
