package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.measure.Compute;
import dev.skipjack.inference.measure.Spread;
import dev.skipjack.inference.measure.StreamShare;
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
import java.util.Optional;
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
    List<Row> rows) {
  private static final String NOT_A_RESULT = "spread > 10 %: not a result";

  /**
   * A test and what it found.
   *
   * @param share of the stream, in turns with it; empty for prompts, which memory does not bound
   */
  record Row(ThroughputResult result, Optional<StreamShare> share) {
    private String median() {
      return share.map(of -> "%.2f".formatted(of.median())).orElse("");
    }
  }

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
      List<Row> rows) {
    return new BenchReport(
        Compute.of(model),
        Model.of(model),
        revision,
        "" + model.sparsity(),
        model.denseAbove(),
        stream,
        memory,
        rows);
  }

  /** A table like llama-bench's. */
  void markdown(Results out) {
    out.println(
        "| model | size | params | provider | threads | test | t/s | read GB/s | of stream |"
            + " density |");
    out.println("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (Row row : rows) {
      ThroughputResult result = row.result;
      out.printf(
          "| %s | %s | %s | %s | %d | %s | %.2f ± %.2f%s | %.2f | %s | %.3f |",
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
          row.median(),
          result.density());
    }
    out.println("");
    Spread passes = Spread.of(stream.passes());
    out.printf(
        "stream: %.1f GB/s, median %.1f, JDK %s%s",
        passes.largest(),
        passes.median(),
        Runtime.version(),
        revision.isEmpty() ? "" : ", revision " + revision);
    out.printf(
        "memory: peak resident %s; weights %s, keys and values %s",
        memory.peak.isPresent() ? Text.bytes(memory.peak.getAsLong()) : "unknown",
        Text.bytes(model.bytes),
        Text.bytes(memory.cacheBytes));
    out.println(
        "waiting for other threads: "
            + rows.stream()
                .map(Row::result)
                .map(r -> "%s %.1f %%".formatted(r.test().name(), 100 * r.waiting()))
                .collect(Collectors.joining(", ")));
    if (!rows.stream().map(Row::result).allMatch(ThroughputResult::spreadOk)) {
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
        .objects("results", rows, BenchReport::rowJson)
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

  private static void rowJson(Json json, Row row) {
    ThroughputResult result = row.result;
    ThroughputTest test = result.test();
    json.field("test", test.name())
        .field("n_prompt", test.phase() == Phase.PROMPT ? test.tokens() : 0)
        .field("n_gen", test.phase() == Phase.GENERATION ? test.tokens() : 0)
        .field("depth", test.depth())
        .field("avg_ts", result.mean())
        .field("stddev_ts", result.deviation())
        .numbers("samples_ts", result.samples())
        .field("read_gbps", result.readRate())
        .field("density", result.density())
        .field("waiting_fraction", result.waiting())
        .field("spread_ok", result.spreadOk());
    row.share.ifPresent(
        share ->
            json.field("stream_fraction", share.median())
                .numbers("stream_fraction_rounds", share.rounds())
                .numbers("stream_rounds_gbps", share.stream()));
  }

  void csv(Results out) {
    out.println(
        "model,bytes,parameters,provider,vector_bits,threads,test,n_prompt,n_gen,depth,"
            + "avg_ts,stddev_ts,read_gbps,stream_gbps,stream_fraction,density,spread_ok,jdk,revision");
    for (Row row : rows) {
      ThroughputResult result = row.result;
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
                  row.share.map(StreamShare::median).map(Object::toString).orElse(""),
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

  private static String quoted(Object cell) {
    String text = Text.oneLine(cell.toString());
    return text.matches("[^\",]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
