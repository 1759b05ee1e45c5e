package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.MappedFile;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.ModelMemory;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The files of one model put together: a single one, or all parts of a split model, whose first
 * part holds the metadata.
 *
 * @param files the bytes of each file
 */
record GgufParts(
    int version,
    boolean powerInfer,
    Map<String, GgufValue> values,
    Map<String, Tensor> tensors,
    List<MemorySegment> files) {
  private static final String NUMBER_KEY = "split.no";
  private static final String COUNT_KEY = "split.count";
  private static final String TENSOR_COUNT_KEY = "split.tensors.count";

  /** Maps and parses {@code path} and the parts that belong to it. */
  static GgufParts open(Path path, ModelMemory memory) {
    GgufParts first = file(path, memory);
    Metadata split = first.splitKeys(path.toString());
    int count = split.integer(COUNT_KEY).orElse(1);
    return count <= 1 ? first : first.join(path, split, count, memory);
  }

  /** Parses a model that has to be in one piece. */
  static GgufParts single(String source, MemorySegment file) {
    GgufParts parts = parse(source, file, tensor -> tensor.in(file));
    int count = parts.splitKeys(source).integer(COUNT_KEY).orElse(1);
    if (count > 1) {
      throw new ModelFormatException(source, "key " + COUNT_KEY, count + " parts", "one part");
    }
    return parts;
  }

  private static GgufParts file(Path path, ModelMemory memory) {
    MappedFile file = memory.map(path);
    return parse(path.toString(), file.memory(), tensor -> tensor.in(file));
  }

  private static GgufParts parse(
      String source, MemorySegment file, Function<GgufTensor, Tensor> view) {
    GgufHeader header = GgufHeader.parse(source, file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (GgufTensor tensor : header.tensors()) {
      tensors.put(tensor.name(), view.apply(tensor));
    }
    return new GgufParts(
        header.version(), header.powerInfer(), header.values(), tensors, List.of(file));
  }

  private Metadata splitKeys(String source) {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (String key : List.of(NUMBER_KEY, COUNT_KEY, TENSOR_COUNT_KEY)) {
      if (values.containsKey(key)) {
        keys.put(key, values.get(key).value());
      }
    }
    return new Metadata(source, keys);
  }

  private GgufParts join(Path path, Metadata split, int count, ModelMemory memory) {
    String source = path.toString();
    SplitName name =
        SplitName.of(path)
            .filter(form -> form.count() == count)
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        source,
                        "file name of a model split into %d parts".formatted(count),
                        path.getFileName().toString(),
                        "a name that ends in -00001-of-%05d.gguf".formatted(count)));
    int number = split.requireInteger(NUMBER_KEY);
    if (number != name.number() - 1) {
      throw new ModelFormatException(
          source, "key " + NUMBER_KEY, "" + number, name.number() - 1 + ", as the file name says");
    }
    if (number != 0) {
      throw new ModelFormatException(
          source,
          "key " + NUMBER_KEY,
          "part %d of %d".formatted(number + 1, count),
          "the first part; open " + name.part(1));
    }
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    List<MemorySegment> segments = new ArrayList<>(files);
    for (int i = 1; i < count; i++) {
      GgufParts part = later(name, i, count, memory);
      part.tensors.forEach(
          (tensorName, tensor) -> {
            if (all.putIfAbsent(tensorName, tensor) != null) {
              throw new ModelFormatException(
                  source, "tensor " + tensorName, "it in two parts", "every tensor once");
            }
          });
      segments.addAll(part.files);
    }
    int expected = split.requireInteger(TENSOR_COUNT_KEY);
    if (all.size() != expected) {
      throw new ModelFormatException(
          source, "parts together", all.size() + " tensors", expected + " tensors");
    }
    Map<String, GgufValue> unsplit = new LinkedHashMap<>(values);
    unsplit.keySet().removeAll(List.of(NUMBER_KEY, COUNT_KEY, TENSOR_COUNT_KEY));
    return new GgufParts(version, powerInfer, unsplit, all, segments);
  }

  private GgufParts later(SplitName name, int index, int count, ModelMemory memory) {
    Path path = name.part(index + 1);
    String source = path.toString();
    GgufParts part = file(path, memory);
    Metadata split = part.splitKeys(source);
    int partNumber = split.requireInteger(NUMBER_KEY);
    int partCount = split.requireInteger(COUNT_KEY);
    if (partNumber != index || partCount != count) {
      throw new ModelFormatException(
          source,
          "keys %s and %s".formatted(NUMBER_KEY, COUNT_KEY),
          "%d of %d".formatted(partNumber, partCount),
          "%d of %d".formatted(index, count));
    }
    return part;
  }
}
