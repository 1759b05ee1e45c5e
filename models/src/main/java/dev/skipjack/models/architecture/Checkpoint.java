package dev.skipjack.models.architecture;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * A model file seen by an {@link Architecture}: metadata keys under the architecture's prefix, and
 * tensors whose shapes are checked when they are bound.
 */
public final class Checkpoint {
  private final ModelFile file;
  private final String architecture;

  public Checkpoint(ModelFile file) {
    this.file = file;
    this.architecture = file.metadata().requireString("general.architecture");
  }

  /** The value of {@code general.architecture}, which also prefixes most keys. */
  public String architecture() {
    return architecture;
  }

  public Metadata metadata() {
    return file.metadata();
  }

  /** A key with the architecture's prefix. */
  public String key(String suffix) {
    return architecture + "." + suffix;
  }

  public int requireInteger(String suffix) {
    return metadata().requireInteger(key(suffix));
  }

  public int integer(String suffix, int absent) {
    return metadata().integer(key(suffix)).orElse(absent);
  }

  public float number(String suffix, double absent) {
    return (float) metadata().number(key(suffix)).orElse(absent);
  }

  /** A tensor of exactly this shape. */
  public Tensor require(String name, long... shape) {
    return optional(name, shape)
        .orElseThrow(
            () ->
                new ModelFormatException(
                    file.source(), "tensor " + name, "nothing", "shape " + Arrays.toString(shape)));
  }

  /** A tensor that may be absent, but not of another shape. */
  public Optional<Tensor> optional(String name, long... shape) {
    Optional<Tensor> tensor = file.tensor(name);
    tensor
        .filter(t -> !Arrays.equals(t.shape(), shape))
        .ifPresent(
            t -> {
              throw new ModelFormatException(
                  file.source(),
                  "tensor " + name,
                  "shape " + Arrays.toString(t.shape()),
                  Arrays.toString(shape));
            });
    return tensor;
  }

  /** An exception about this file. */
  public ModelFormatException error(String where, String found, String expected) {
    return new ModelFormatException(file.source(), where, found, expected);
  }
}
