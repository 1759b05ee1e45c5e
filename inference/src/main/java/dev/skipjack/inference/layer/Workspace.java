package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every buffer a forward pass writes, for batches of up to {@code B} tokens. One per session, made
 * once and {@link #reserve grown} for longer batches; workers write disjoint parts between
 * barriers.
 */
public final class Workspace {
  /** Tokens whose logits are computed at a time. */
  public static final int LOGIT_ROWS = 16;

  private final Sizes sizes;
  private int batch;
  private final List<Views> views;

  /** Token ids of the batch {@code [B]}. */
  public int[] tokens;

  /** Tokens in the batch. */
  public int count;

  /** Position of the first token. */
  public int position;

  /** Whether the batch is (part of) a prompt, not one token that continues the conversation. */
  public boolean prompt;

  /**
   * Tokens at the beginning of the batch whose inputs are not masked, because they only set the
   * scene for the others. Matters to input sparsity alone.
   */
  public int unmasked;

  /** The residual stream {@code [B x hidden]}. */
  public float[] residual;

  /** The input of a branch, normed {@code [B x hidden]}. */
  public final Activations normed;

  /** The output of a branch {@code [B x hidden]}. */
  public float[] branch;

  /** The layer's input {@code [B x hidden]}, kept for branches and routers that read it. */
  public float[] layerInput;

  /** Queries {@code [B x heads * keyLength]}. */
  public float[] query;

  /** Keys {@code [B x kvHeads * keyLength]}. */
  public float[] key;

  /** Values {@code [B x kvHeads * valueLength]}. */
  public float[] value;

  /** Compressed keys and values {@code [B x rank + rotated]}, latent attention only. */
  public float[] compressed;

  /** The normed latent vector {@code [B x rank]}, latent attention only. */
  public final Activations latent;

  /** Expanded keys and values {@code [B x heads * (content + valueLength)]}, latent only. */
  public float[] expanded;

  /** Concatenated heads {@code [B x heads * valueLength]} of the layer at hand. */
  public Activations attended;

  /** Gate pre-activations {@code [B x neurons]}. */
  public float[] gate;

  /** Up projections {@code [B x neurons]}. */
  public float[] up;

  /** Neuron activations {@code [B x neurons]} of the layer at hand. */
  public Activations neurons;

  /**
   * Sums of groups of rows of a transposed weight {@code [RowSum.GROUPS x
   * Rows.longestSum(hidden)]}. Workers read the groups of others until the barrier that follows.
   */
  public final float[] sums;

  /** Inputs of the output projection {@code [LOGIT_ROWS x hidden]}. */
  public final Activations logitInput;

  /** Logits {@code [LOGIT_ROWS x vocabulary]}. */
  public final float[] logits;

  /** Routing buffers, where layers are mixtures of experts. */
  public final Optional<RoutingSpace> routing;

  /** Neuron selection buffers, where the feed-forward is sparse. */
  public final Optional<SelectionSpace> selection;

  /** Input sparsity buffers, where linear maps leave out inputs. */
  public final Optional<InputSpace> inputs;

  /** What the feed-forward branches skipped. */
  public final Density density;

  /** Who sees what is computed, if anybody does. */
  public Optional<Observer> observer = Optional.empty();

  public Workspace(DecoderSpec spec, int batch, Optional<SelectionSpace> selection) {
    this(spec, batch, selection, Optional.empty());
  }

  public Workspace(
      DecoderSpec spec,
      int batch,
      Optional<SelectionSpace> selection,
      Optional<InputSpace> inputs) {
    int hidden = spec.config().hiddenSize();
    this.sizes = Sizes.of(spec);
    this.normed = new Activations(batch, hidden);
    this.latent = new Activations(batch, sizes.latent);
    Activations widestAttended = new Activations(batch, sizes.attended);
    Activations widestNeurons = new Activations(batch, sizes.neurons);
    this.views =
        spec.layers().stream()
            .map(Sizes::of)
            .map(
                layer ->
                    new Views(
                        widestAttended.narrowed(layer.attended),
                        widestNeurons.narrowed(layer.neurons)))
            .toList();
    allocate(batch);
    this.batch = batch;
    this.sums = RowSum.newSums(hidden);
    this.logitInput = new Activations(LOGIT_ROWS, hidden);
    this.logits = new float[Math.multiplyExact(LOGIT_ROWS, spec.config().vocabularySize())];
    this.routing =
        sizes.experts == 0
            ? Optional.empty()
            : Optional.of(new RoutingSpace(batch, hidden, sizes.experts, sizes.used));
    this.selection = selection;
    this.inputs = inputs;
    this.density = new Density(spec.layers().size());
    enter(0);
  }

  /**
   * Gives {@link #attended} and {@link #neurons} the widths of a layer. One worker calls this
   * between a barrier after which nobody reads them and one before which nobody does.
   */
  public void enter(int layer) {
    attended = views.get(layer).attended;
    neurons = views.get(layer).neurons;
  }

  /** Most tokens in a batch. */
  public int batch() {
    return batch;
  }

  /**
   * Makes room for batches of at least so many tokens. If the buffers have to grow, those of the
   * last batch are lost, and arrays taken from here before are no longer in use. Nobody else may
   * use the workspace meanwhile.
   */
  public void reserve(int size) {
    if (size <= batch) {
      return;
    }
    allocate(size);
    normed.reserve(size);
    latent.reserve(size);
    attended.reserve(size);
    neurons.reserve(size);
    routing.ifPresent(space -> space.reserve(size));
    selection.ifPresent(space -> space.reserve(size));
    inputs.ifPresent(space -> space.reserve(size));
    // Last, so that a lack of memory leaves a workspace that is as large as it says.
    batch = size;
  }

  private void allocate(int size) {
    tokens = new int[size];
    residual = floats(size, normed.cols());
    branch = floats(size, normed.cols());
    layerInput = floats(size, normed.cols());
    query = floats(size, sizes.query);
    key = floats(size, sizes.key);
    value = floats(size, sizes.value);
    compressed = floats(size, sizes.compressed);
    expanded = floats(size, sizes.expanded);
    gate = floats(size, sizes.neurons);
    up = floats(size, sizes.neurons);
  }

  /** Bytes of all buffers, except those of selection and of input sparsity. */
  public long byteSize() {
    long floats = 0;
    for (float[] buffer :
        List.of(
            residual,
            branch,
            layerInput,
            query,
            key,
            value,
            compressed,
            expanded,
            gate,
            up,
            sums,
            logits)) {
      floats += buffer.length;
    }
    long bytes = Float.BYTES * floats + (long) Integer.BYTES * tokens.length;
    for (Activations buffer : List.of(normed, latent, attended, neurons, logitInput)) {
      bytes += buffer.byteSize();
    }
    return bytes + routing.map(RoutingSpace::byteSize).orElse(0L);
  }

  /** Bytes that some matrices want in addition as soon as there are prompts. */
  public long tileBytes() {
    return Stream.of(normed, latent, attended, neurons).mapToLong(Activations::tileBytes).sum();
  }

  private static float[] floats(int rows, int cols) {
    return new float[Math.multiplyExact(rows, cols)];
  }

  /** The buffers of one layer whose rows must be exactly as long as a weight matrix is wide. */
  private record Views(Activations attended, Activations neurons) {}

  /** The width of every buffer: for one layer, or the largest over all. */
  private static final class Sizes {
    private int query;
    private int key;
    private int value;
    private int compressed;
    private int latent;
    private int expanded;
    private int attended;
    private int neurons;
    private int experts;
    private int used;

    static Sizes of(DecoderSpec spec) {
      Sizes sizes = new Sizes();
      for (LayerSpec layer : spec.layers()) {
        sizes.include(layer);
      }
      return sizes;
    }

    static Sizes of(LayerSpec layer) {
      Sizes sizes = new Sizes();
      sizes.include(layer);
      return sizes;
    }

    private void include(LayerSpec layer) {
      var attention = layer.attention();
      query = Math.max(query, attention.headCount() * attention.keyLength());
      key = Math.max(key, attention.kvHeadCount() * attention.keyLength());
      value = Math.max(value, attention.kvHeadCount() * attention.valueLength());
      attended = Math.max(attended, attention.headCount() * attention.valueLength());
      if (attention.projection() instanceof ProjectionSpec.Latent projection) {
        compressed = Math.max(compressed, projection.compress().outputs());
        latent = Math.max(latent, projection.latentNorm().size());
        expanded = Math.max(expanded, projection.expand().outputs());
      }
      switch (layer.feedForward()) {
        case FeedForwardSpec.Dense dense -> neurons = Math.max(neurons, dense.length());
        case FeedForwardSpec.MixtureOfExperts mixture -> {
          neurons = Math.max(neurons, mixture.experts().getFirst().length());
          experts = Math.max(experts, mixture.experts().size());
          used = Math.max(used, mixture.usedCount());
        }
      }
    }
  }
}
