package dev.skipjack.models.convert;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;

/**
 * What happens to one tensor.
 *
 * @param source as it comes
 * @param type as it goes
 * @param note why it does not have the type that was asked for, where its shape forbids it; or the
 *     empty string
 * @param rows which of its rows goes where
 */
public record TensorStep(Tensor source, TensorType type, String note, RowOrder rows) {
  /** Whether the stored bytes are good as they are, though perhaps in another order. */
  public boolean copies() {
    return source.type() == type;
  }

  /** Bytes after the conversion. */
  public long byteSize() {
    return type.byteSize(source.cols()) * source.rows();
  }

  /** Whether quantised values are decoded and quantised anew, which adds a second error. */
  boolean requantises() {
    return !copies() && source.type().blockLength() > 1;
  }
}
