package dev.skipjack.models.convert;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.RopeSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The order GGUF wants of query and key rows. A file with the key {@code skipjack.rope.layout} may
 * pair them differently from what its architecture does in GGUF; the rows of each head are then
 * interleaved, so that any runtime reads the result without that key.
 */
final class RotaryRows {
  static final String LAYOUT_KEY = "skipjack.rope.layout";

  private static final Pattern ROTATED = Pattern.compile("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)");

  private final RowOrder order;

  private RotaryRows(RowOrder order) {
    this.order = order;
  }

  /**
   * The order for a model.
   *
   * @throws ModelFormatException if the model's architecture is not supported
   */
  static RotaryRows of(ModelFile file) {
    Optional<String> stated = file.metadata().string(LAYOUT_KEY);
    if (stated.isEmpty()) {
      return new RotaryRows(RowOrder.AS_IS);
    }
    return Architectures.describe(withoutLayout(file)).layers().stream()
        .map(LayerSpec::attention)
        .filter(attention -> attention.rope().isPresent())
        .findFirst()
        .map(attention -> new RotaryRows(order(file, stated.get(), attention)))
        .orElseGet(() -> new RotaryRows(RowOrder.AS_IS));
  }

  /** All layers have their rows in the same order, those that do not rotate included. */
  RowOrder of(Tensor tensor) {
    return ROTATED.matcher(tensor.name()).matches() ? order : RowOrder.AS_IS;
  }

  private static RowOrder order(ModelFile file, String stated, AttentionSpec attention) {
    RopeSpec rope = attention.rope().orElseThrow();
    boolean halves = stated.equals("neox");
    if (halves == (rope.layout() == RopeSpec.Layout.NEOX)) {
      return RowOrder.AS_IS;
    }
    if (halves) {
      return new RowOrder(attention.keyLength(), rope.dimensions());
    }
    throw new ModelFormatException(
        file.source(), "key " + LAYOUT_KEY, stated, "neox, as GGUF has this architecture");
  }

  private static ModelFile withoutLayout(ModelFile file) {
    Map<String, Object> values = new LinkedHashMap<>();
    file.metadata().keys().stream()
        .filter(key -> !key.equals(LAYOUT_KEY))
        .forEach(key -> values.put(key, file.metadata().value(key).orElseThrow()));
    return new Relabelled(file, new Metadata(file.source(), values));
  }

  /** The same tensors under other keys. */
  private record Relabelled(ModelFile file, Metadata metadata) implements ModelFile {
    @Override
    public String source() {
      return file.source();
    }

    @Override
    public String container() {
      return file.container();
    }

    @Override
    public Map<String, Tensor> tensors() {
      return file.tensors();
    }

    @Override
    public long fileOffset(Tensor tensor) {
      return file.fileOffset(tensor);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
