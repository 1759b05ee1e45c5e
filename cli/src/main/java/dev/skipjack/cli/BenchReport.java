package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.measure.Compute;
import dev.skipjack.inference.measure.StreamingBandwidth;
import dev.skipjack.inference.measure.ThroughputResult;
import dev.skipjack.inference.measure.ThroughputTest;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.ModelConfig;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code skipjack bench} found, in three notations.
 *
 * @param sparsity the mode in use
 * @param denseAbove see {@link LanguageModel#denseAbove}; do not modify
 * @param revision git revision of this build, or the empty string
 */
record BenchReport(
    Compute compute,
    Model model,
    String revision,
    String sparsity,
    double[] denseAbove,
    StreamingBandwidth stream,
    Memory memory,
    List<ThroughputResult> results) {
  private static final String NOT_A_RESULT = "spread > 10 %: not a result";

  /**
   * What the process held.
   *
   * @param peak resident bytes at most, before the streaming bandwidth was measured
   * @param cacheBytes of the keys and values of the longest test
   */
  record Memory(OptionalLong peak, long cacheBytes) {}

  /**
   * The measured model.
   *
   * @param type the tensor type that most bytes have
   * @param bytes of all tensors
   */
  record Model(String source, ModelConfig config, String type, long bytes, long parameters) {
    static Model of(LanguageModel model) {
      Collection<Tensor> tensors = model.file().tensors().values();
      String type =
          tensors.stream()
              .collect(
                  Collectors.groupingBy(
                      tensor -> tensor.type().name(), Collectors.summingLong(Tensor::byteSize)))
              .entrySet()
              .stream()
              .max(Comparator.comparingLong(entry -> entry.getValue()))
              .orElseThrow()
              .getKey();
      return new Model(
          model.source(),
          model.config(),
          type,
          tensors.stream().mapToLong(Tensor::byteSize).sum(),
          tensors.stream().mapToLong(Tensor::elementCount).sum());
    }

    /** Its own name, or its architecture, with its type. */
    String label() {
      String name = config.name().isEmpty() ? config.architecture() : config.name();
      return name + " " + type;
    }
  }

  static BenchReport of(
      LanguageModel model,
      String revision,
      StreamingBandwidth stream,
      Memory memory,
      List<ThroughputResult> results) {
    return new BenchReport(
        Compute.of(model),
        Model.of(model),
        revision,
        "" + model.sparsity(),
        model.denseAbove(),
        stream,
        memory,
        results);
  }

  /** A table like llama-bench's. */
  void markdown(Results out) {
    out.println(
        "| model | size | params | provider | threads | test | t/s | read GB/s | of stream |"
            + " density |");
    out.println("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (ThroughputResult result : results) {
      out.printf(
          "| %s | %s | %s | %s | %d | %s | %.2f ± %.2f%s | %.2f | %.2f | %.3f |",
          Text.oneLine(model.label()).replace("|", "\\|"),
          Text.bytes(model.bytes),
          Text.count(model.parameters),
          provider(),
          compute.threads(),
          result.test().name(),
          result.mean(),
          result.deviation(),
          result.spreadOk() ? "" : " (!)",
          result.readRate(),
          fraction(result),
          result.density());
    }
    out.println("");
    out.printf(
        "stream: %.1f GB/s, JDK %s%s",
        stream.gigabytesPerSecond(),
        Runtime.version(),
        revision.isEmpty() ? "" : ", revision " + revision);
    out.printf(
        "memory: peak resident %s; weights %s, keys and values %s",
        memory.peak.isPresent() ? Text.bytes(memory.peak.getAsLong()) : "unknown",
        Text.bytes(model.bytes),
        Text.bytes(memory.cacheBytes));
    out.println(
        "waiting for other threads: "
            + results.stream()
                .map(r -> "%s %.1f %%".formatted(r.test().name(), 100 * r.waiting()))
                .collect(Collectors.joining(", ")));
    if (!results.stream().allMatch(ThroughputResult::spreadOk)) {
      out.println("(!) " + NOT_A_RESULT);
    }
  }

  void json(Json json) {
    json.field("provider", compute.provider())
        .field("vector_bits", compute.vectorBits())
        .field("threads", compute.threads())
        .object("model", this::modelJson)
        .field("sparsity", sparsity)
        .numbers("dense_above", Arrays.stream(denseAbove).boxed().toList())
        .field("stream_gbps", stream.gigabytesPerSecond())
        .field("peak_resident_bytes", memory.peak)
        .field("cache_bytes", memory.cacheBytes)
        .objects("results", results, this::resultJson)
        .field("jdk", Runtime.version().toString())
        .field("revision", revision);
  }

  private void modelJson(Json json) {
    ModelConfig config = model.config;
    json.field("source", model.source)
        .field("name", config.name())
        .field("architecture", config.architecture())
        .field("type", model.type)
        .field("bytes", model.bytes)
        .field("parameters", model.parameters)
        .field("layers", config.layerCount())
        .field("hidden_size", config.hiddenSize())
        .field("feed_forward_length", config.feedForwardLength())
        .field("vocabulary_size", config.vocabularySize());
  }

  private void resultJson(Json json, ThroughputResult result) {
    ThroughputTest test = result.test();
    json.field("test", test.name())
        .field("n_prompt", test.phase() == Phase.PROMPT ? test.tokens() : 0)
        .field("n_gen", test.phase() == Phase.GENERATION ? test.tokens() : 0)
        .field("depth", test.depth())
        .field("avg_ts", result.mean())
        .field("stddev_ts", result.deviation())
        .numbers("samples_ts", result.samples())
        .field("read_gbps", result.readRate())
        .field("stream_fraction", fraction(result))
        .field("density", result.density())
        .field("waiting_fraction", result.waiting())
        .field("spread_ok", result.spreadOk());
  }

  void csv(Results out) {
    out.println(
        "model,bytes,parameters,provider,vector_bits,threads,test,n_prompt,n_gen,depth,"
            + "avg_ts,stddev_ts,read_gbps,stream_gbps,stream_fraction,density,spread_ok,jdk,revision");
    for (ThroughputResult result : results) {
      ThroughputTest test = result.test();
      out.println(
          Stream.of(
                  model.label(),
                  model.bytes,
                  model.parameters,
                  compute.provider(),
                  compute.vectorBits(),
                  compute.threads(),
                  test.name(),
                  test.phase() == Phase.PROMPT ? test.tokens() : 0,
                  test.phase() == Phase.GENERATION ? test.tokens() : 0,
                  test.depth(),
                  result.mean(),
                  result.deviation(),
                  result.readRate(),
                  stream.gigabytesPerSecond(),
                  fraction(result),
                  result.density(),
                  result.spreadOk(),
                  Runtime.version(),
                  revision)
              .map(BenchReport::quoted)
              .collect(Collectors.joining(",")));
    }
  }

  private String provider() {
    return compute.vectorBits() == 0
        ? compute.provider()
        : compute.provider() + " " + compute.vectorBits() + "-bit";
  }

  /** What was read of what could have been. */
  private double fraction(ThroughputResult result) {
    return result.readRate() / stream.gigabytesPerSecond();
  }

  private static String quoted(Object cell) {
    String text = Text.oneLine(cell.toString());
    return text.matches("[^\",]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
