package dev.skipjack.cli;

import dev.skipjack.inference.MemoryNeeds;
import dev.skipjack.inference.SparsityReadiness;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.ModelConfig;
import dev.skipjack.models.tokenizer.Tokenizer;

/** An {@link Inspection} as JSON; a part that could not be understood is null. */
final class InspectionJson {
  private static final double MILLIS = 1000;

  private InspectionJson() {}

  static void write(Json json, Inspection inspection) {
    json.field("model", inspection.file().source())
        .field("container", inspection.file().container())
        .field("architecture", inspection.architecture())
        .field("name", inspection.name())
        .field("parameters", inspection.parameters())
        .field("bytes", inspection.bytes())
        .object("sizes", inspection.decoder().map(DecoderSpec::config), InspectionJson::sizes)
        .object("ffn", inspection.feedForward(), InspectionJson::feedForward)
        .object("sparsity", inspection.sparsity(), InspectionJson::sparsity)
        .object("tokenizer", inspection.tokenizer(), InspectionJson::tokenizer)
        .field("load_ms", inspection.seconds() * MILLIS)
        .field("heap_bytes", inspection.heapBytes())
        .object("memory", inspection.memory(), InspectionJson::memory)
        .strings("warnings", inspection.warnings())
        .objects(
            "tensors",
            inspection.tensors(),
            (j, tensor) ->
                j.field("name", tensor.name())
                    .field("type", tensor.type().name())
                    .array("shape", inspection.shape(tensor))
                    .field("offset", inspection.file().fileOffset(tensor))
                    .field("bytes", tensor.byteSize()));
  }

  private static void sizes(Json json, ModelConfig config) {
    json.field("vocabulary", config.vocabularySize())
        .field("context", config.contextLength())
        .field("hidden", config.hiddenSize())
        .field("layers", config.layerCount())
        .field("heads", config.headCount())
        .field("kv_heads", config.kvHeadCount())
        .field("head_dim", config.headDim());
  }

  private static void feedForward(Json json, FeedForwardSummary summary) {
    json.field("form", summary.form())
        .field("activation", summary.activation())
        .field("neurons", summary.neurons())
        .field("down", summary.down())
        .field("experts", summary.experts())
        .field("experts_used", summary.expertsUsed());
  }

  private static void sparsity(Json json, SparsityReadiness readiness) {
    json.field("exact_zeros", readiness.exactZeros())
        .field("predictor", readiness.predictor())
        .field("neuron_major_down", readiness.neuronMajor())
        .field("needs_calibration", readiness.needsCalibration());
  }

  private static void memory(Json json, MemoryNeeds memory) {
    json.field("vector_bytes", memory.vectorBytes())
        .field("copied_bytes", memory.copiedBytes())
        .field("repacked_bytes_at_most", memory.repackedBytes())
        .field("session_bytes", memory.sessionBytes())
        .field("batch", memory.batchLength())
        .field("cache_type", memory.cacheType().name())
        .field("cache_bytes_per_1000_tokens", 1000 * memory.cacheBytesPerToken());
  }

  private static void tokenizer(Json json, Tokenizer tokenizer) {
    json.field("kind", tokenizer.kind())
        .field("vocabulary", tokenizer.vocabularySize())
        .field("bos", tokenizer.bos())
        .field("eos", tokenizer.eos());
  }
}
