package dev.skipjack.bench.synthetic;

import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Lays out a {@link SyntheticModel} as a GGUF file with the names and keys of llama.cpp. */
final class ModelWriter {
  private static final int CONTEXT_LENGTH = 131072;

  private final SyntheticModel model;
  private final Shape shape;
  private final DensityDesign design;
  private final TensorRecipes recipes;
  private final GgufWriter gguf = new GgufWriter();

  ModelWriter(SyntheticModel model) {
    this.model = model;
    this.shape = model.shape();
    this.design = DensityDesign.of(model);
    this.recipes = new TensorRecipes(model, design);
  }

  void write(Path target) throws IOException {
    keys();
    add("token_embd.weight", recipes.embedding());
    for (int layer = 0; layer < shape.layers(); layer++) {
      attention("blk." + layer + ".");
      feedForward("blk." + layer + ".", design.shift(layer));
    }
    add("output_norm.weight", design.plainNorm());
    if (!shape.tied()) {
      add("output.weight", recipes.output());
    }
    gguf.write(target);
  }

  private void keys() {
    String architecture = model.architecture();
    String prefix = architecture + ".";
    gguf.put("general.architecture", GgufValue.string(architecture));
    gguf.put("general.name", GgufValue.string("Synthetic " + architecture));
    gguf.put("general.description", GgufValue.string("Random weights for benchmarks"));
    gguf.put("general.quantization_version", GgufValue.u32(2));
    count(prefix + "context_length", CONTEXT_LENGTH);
    count(prefix + "embedding_length", shape.hidden());
    count(prefix + "block_count", shape.layers());
    count(prefix + "feed_forward_length", shape.feedForward());
    count(prefix + "attention.head_count", shape.heads());
    count(prefix + "attention.head_count_kv", shape.kvHeads());
    count(prefix + "attention.key_length", shape.headDim());
    count(prefix + "attention.value_length", shape.headDim());
    count(prefix + "rope.dimension_count", shape.headDim());
    count(prefix + "vocab_size", shape.vocabulary());
    gguf.put(prefix + "rope.freq_base", GgufValue.f32(500_000));
    gguf.put(prefix + "attention.layer_norm_rms_epsilon", GgufValue.f32(1e-5));
    gguf.put(prefix + "hidden_activation", GgufValue.string(model.activation().toString()));
    if (model.predicted()) {
      gguf.put("powerinfer.sparse_threshold", GgufValue.f32(0));
      gguf.put("sparse.predictor.input", GgufValue.string("residual"));
      gguf.put("sparse.predictor.hidden_relu", GgufValue.bool(true));
    }
    gguf.putAll(SyntheticVocabulary.keys(shape.vocabulary()));
  }

  private void count(String key, int value) {
    gguf.put(key, GgufValue.u32(value));
  }

  private void attention(String prefix) {
    add(prefix + "attn_norm.weight", design.plainNorm());
    projection(prefix + "attn_q.weight", shape.attended());
    projection(prefix + "attn_k.weight", shape.keyValue());
    projection(prefix + "attn_v.weight", shape.keyValue());
    String output = prefix + "attn_output.weight";
    add(output, recipes.attentionOutput(output));
  }

  private void projection(String name, int rows) {
    add(name, recipes.projection(name, rows));
  }

  private void feedForward(String prefix, float shift) {
    add(prefix + "ffn_norm.weight", design.feedForwardNorm(shift));
    String up = prefix + "ffn_up.weight";
    String decidingName = model.gated() ? prefix + "ffn_gate.weight" : up;
    PooledMatrix deciding = recipes.deciding(decidingName);
    add(decidingName, deciding);
    if (model.gated()) {
      add(up, recipes.passive(up));
    }
    if (model.down() != DownLayout.NEURON) {
      String down = prefix + "ffn_down.weight";
      add(down, recipes.down(down));
    }
    if (model.down() != DownLayout.ROW) {
      String down = prefix + "ffn_down_t.weight";
      add(down, recipes.neuronMajorDown(down));
    }
    if (model.predicted()) {
      OneHotRows first = new OneHotRows(model.type(), model.predictorRank(), shape.hidden(), shift);
      long[] firstShape = {first.rows(), first.cols()};
      gguf.tensor(prefix + "fc1.weight", first.type(), firstShape, first);
      add(prefix + "fc2.weight", recipes.predictor(deciding));
    }
  }

  private void add(String name, PooledMatrix matrix) {
    gguf.tensor(name, matrix.type(), matrix.shape(), matrix);
  }

  private void add(String name, float[] vector) {
    byte[] bytes = new byte[Float.BYTES * vector.length];
    TensorType.F32.codec().encode(vector, 0, vector.length, MemorySegment.ofArray(bytes), 0);
    gguf.tensor(
        name,
        TensorType.F32,
        new long[] {vector.length},
        sink -> sink.write(MemorySegment.ofArray(bytes)));
  }
}
