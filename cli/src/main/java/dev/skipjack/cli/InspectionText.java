package dev.skipjack.cli;

import dev.skipjack.inference.MemoryNeeds;
import dev.skipjack.inference.SparsityReadiness;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.ModelConfig;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** An {@link Inspection} for people: one fact per line, then the table of tensors. */
final class InspectionText {
  private static final double MILLIS = 1000;

  private final Results out;

  private InspectionText(Results out) {
    this.out = out;
  }

  static void write(Results out, Inspection inspection) {
    InspectionText text = new InspectionText(out);
    text.file(inspection);
    inspection.decoder().map(DecoderSpec::config).ifPresent(text::sizes);
    inspection.feedForward().ifPresent(text::feedForward);
    inspection.sparsity().ifPresent(text::sparsity);
    inspection.tokenizer().ifPresent(text::tokenizer);
    text.memory(inspection);
    inspection.warnings().forEach(warning -> text.fact("warning", "%s", warning));
    text.tensors(inspection);
    out.flush();
  }

  private void file(Inspection inspection) {
    fact("model", "%s", inspection.file().source());
    fact(
        "container",
        "%s, %d tensors, %s",
        inspection.file().container(),
        inspection.tensors().size(),
        Text.bytes(inspection.bytes()));
    fact("architecture", "%s", inspection.architecture());
    if (!inspection.name().isEmpty()) {
      fact("name", "%s", inspection.name());
    }
    String types =
        inspection.types().entrySet().stream()
            .map(entry -> entry.getValue() + " x " + entry.getKey())
            .collect(Collectors.joining(", "));
    if (!types.isEmpty()) {
      fact("parameters", "%s (%s)", Text.count(inspection.parameters()), types);
    }
  }

  private void sizes(ModelConfig config) {
    fact(
        "sizes",
        "%d layers, hidden %d, %d heads (%d for keys and values) of %d, vocabulary %d, context %d",
        config.layerCount(),
        config.hiddenSize(),
        config.headCount(),
        config.kvHeadCount(),
        config.headDim(),
        config.vocabularySize(),
        config.contextLength());
  }

  private void feedForward(FeedForwardSummary summary) {
    String experts =
        summary.experts() == 1
            ? ""
            : ", %d of %d experts".formatted(summary.expertsUsed(), summary.experts());
    fact(
        "feed-forward",
        "%s, %s, %d neurons%s, down %s",
        summary.form(),
        summary.activation(),
        summary.neurons(),
        experts,
        summary.down());
  }

  private void sparsity(SparsityReadiness readiness) {
    fact("exact zeros", "%s", readiness.exactZeros() ? "yes: skipping neurons is exact" : "no");
    fact(
        "sparsity",
        "%s%s",
        readiness.needsCalibration() ? "needs calibration" : "ready",
        readiness.predictor() ? ", predictor present" : "");
  }

  private void tokenizer(Tokenizer tokenizer) {
    fact(
        "tokenizer",
        "%s, %d tokens, begin %s, end %s",
        tokenizer.kind(),
        tokenizer.vocabularySize(),
        token(tokenizer, tokenizer.bos()),
        token(tokenizer, tokenizer.eos()));
  }

  private void memory(Inspection inspection) {
    long kept =
        inspection.heapBytes() + inspection.memory().map(MemoryNeeds::vectorBytes).orElse(0L);
    fact(
        "memory",
        "%s beside the mapped file, read in %.0f ms",
        Text.bytes(kept),
        inspection.seconds() * MILLIS);
    inspection.memory().ifPresent(this::memory);
  }

  private void memory(MemoryNeeds memory) {
    if (memory.copiedBytes() > 0) {
      fact(
          "",
          "%s of down projections, copied unless --sparsity dense",
          Text.bytes(memory.copiedBytes()));
    }
    if (memory.repackedBytes() > 0) {
      fact(
          "",
          "at most %s of matrices, repacked unless --repack off",
          Text.bytes(memory.repackedBytes()));
    }
    fact(
        "",
        "at most %s of buffers for a session, if prompts reach %d tokens",
        Text.bytes(memory.sessionBytes()),
        memory.batchLength());
    fact(
        "",
        "%s of keys and values (%s) for every 1,000 tokens",
        Text.bytes(1000 * memory.cacheBytesPerToken()),
        memory.cacheType());
  }

  private static String token(Tokenizer tokenizer, OptionalInt id) {
    return id.isPresent()
        ? "%d %s".formatted(id.getAsInt(), Text.quoted(tokenizer.piece(id.getAsInt())))
        : "none";
  }

  private void tensors(Inspection inspection) {
    if (inspection.tensors().isEmpty()) {
      return;
    }
    String row = "%-40s %-8s %-20s %12s %12s";
    out.println("");
    out.printf(row, "tensor", "type", "shape", "offset", "bytes");
    for (Tensor tensor : inspection.tensors()) {
      out.printf(
          row,
          Text.oneLine(tensor.name()),
          tensor.type(),
          Arrays.toString(inspection.shape(tensor)),
          inspection.file().fileOffset(tensor),
          tensor.byteSize());
    }
  }

  private void fact(String name, String format, Object... values) {
    out.printf("%-13s %s", name, Text.oneLine(String.format(Locale.ROOT, format, values)));
  }
}
