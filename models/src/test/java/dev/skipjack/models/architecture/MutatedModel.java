package dev.skipjack.models.architecture;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** An open model with some of its keys and tensors replaced, as a file might have them. */
record MutatedModel(ModelFile original, Map<String, Object> keys, Map<String, Tensor> replaced)
    implements ModelFile {
  @Override
  public String source() {
    return original.source();
  }

  @Override
  public String container() {
    return original.container();
  }

  @Override
  public Metadata metadata() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : original.metadata().keys()) {
      values.put(key, original.metadata().value(key).orElseThrow());
    }
    values.putAll(keys);
    return new Metadata(source(), values);
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(original.tensors());
    tensors.putAll(replaced);
    return tensors;
  }

  @Override
  public long fileOffset(Tensor tensor) {
    return original.fileOffset(tensor);
  }

  @Override
  public void close() {
    original.close();
  }
}
