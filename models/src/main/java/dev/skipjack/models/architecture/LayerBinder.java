package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.AttentionSpec.TemperatureSpec;
import dev.skipjack.models.spec.FeedForwardSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LayerSpec.Topology;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import dev.skipjack.models.spec.RopeSpec;
import java.util.Optional;

/** Binds one layer. Starts as a Llama layer; every setter changes one thing about it. */
final class LayerBinder {
  private final DecoderBinder decoder;
  private final Checkpoint checkpoint;
  private final int index;
  private final int headCount;
  private final int kvHeadCount;
  private final FeedForwardBinder feedForward;
  private Topology topology = Topology.SEQUENTIAL;
  private Optional<String> attentionNorm = Optional.of("attn_norm");
  private Optional<String> feedForwardNorm = Optional.of("ffn_norm");
  private Optional<String> postAttentionNorm = Optional.empty();
  private Optional<String> postFeedForwardNorm = Optional.empty();
  private Optional<NormSpec> queryNorm = Optional.empty();
  private Optional<NormSpec> keyNorm = Optional.empty();
  private Optional<NormSpec> attentionOutputNorm = Optional.empty();
  private Optional<RopeSpec> rope;
  private Optional<TemperatureSpec> temperature = Optional.empty();
  private Optional<ProjectionSpec> projection = Optional.empty();
  private float attentionScale;
  private float softcap;
  private int slidingWindow;
  private float residualScale = 1;

  LayerBinder(DecoderBinder decoder, int index) {
    this.decoder = decoder;
    this.checkpoint = decoder.checkpoint;
    this.index = index;
    this.headCount = checkpoint.layerCount("attention.head_count", index, 0);
    this.kvHeadCount = checkpoint.layerCount("attention.head_count_kv", index, headCount);
    // Products of these sizes are compared with shapes as ints.
    checkpoint.atMost(
        "attention.head_count",
        headCount,
        checkpoint.longestDimension() / Math.max(decoder.keyLength, decoder.valueLength),
        "as many as fit into the longest dimension");
    this.rope = Optional.of(decoder.standardRope);
    this.attentionScale = checkpoint.number("attention.scale", 1 / Math.sqrt(decoder.keyLength));
    this.feedForward = new FeedForwardBinder(decoder, index);
    if (headCount % kvHeadCount != 0) {
      throw checkpoint.error(
          "layer " + index,
          headCount + " heads over " + kvHeadCount + " key/value heads",
          "a whole number of heads for each key/value head");
    }
  }

  int index() {
    return index;
  }

  int headCount() {
    return headCount;
  }

  int kvHeadCount() {
    return kvHeadCount;
  }

  /** The feed-forward branch, to be customised in turn. */
  FeedForwardBinder feedForward() {
    return feedForward;
  }

  int feedForwardLength() {
    return feedForward.length();
  }

  /** The full name of one of this layer's tensors. */
  String name(String role) {
    return "blk." + index + "." + role;
  }

  LayerBinder topology(Topology choice) {
    topology = choice;
    return this;
  }

  /** Drops both norms in front of the branches. */
  LayerBinder noPreNorms() {
    attentionNorm = Optional.empty();
    feedForwardNorm = Optional.empty();
    return this;
  }

  LayerBinder preNorms(String attention, String feedForwardRole) {
    attentionNorm = Optional.of(attention);
    feedForwardNorm = Optional.of(feedForwardRole);
    return this;
  }

  LayerBinder postNorms(String attention, String feedForwardRole) {
    postAttentionNorm = Optional.of(attention);
    postFeedForwardNorm = Optional.of(feedForwardRole);
    return this;
  }

  /** Norms over each query and key head, before rotation. */
  LayerBinder headNorms() {
    return queryKeyNorms(decoder.keyLength, decoder.keyLength);
  }

  /** Norms over the whole query and key projections, before they are cut into heads. */
  LayerBinder projectionNorms() {
    return queryKeyNorms(headCount * decoder.keyLength, kvHeadCount * decoder.keyLength);
  }

  LayerBinder attentionOutputNorm(String role) {
    attentionOutputNorm =
        Optional.of(checkpoint.norm(decoder.normKind, name(role), headCount * decoder.valueLength));
    return this;
  }

  LayerBinder rope(Optional<RopeSpec> choice) {
    rope = choice;
    return this;
  }

  LayerBinder temperature(Optional<TemperatureSpec> choice) {
    temperature = choice;
    return this;
  }

  LayerBinder projection(ProjectionSpec choice) {
    projection = Optional.of(choice);
    return this;
  }

  LayerBinder attentionScale(float scale) {
    attentionScale = scale;
    return this;
  }

  LayerBinder softcap(float cap) {
    softcap = cap;
    return this;
  }

  /** Positions a query sees; 0 for all. */
  LayerBinder slidingWindow(int positions) {
    slidingWindow = positions;
    return this;
  }

  LayerBinder residualScale(float scale) {
    residualScale = scale;
    return this;
  }

  LayerSpec bind() {
    FeedForwardSpec branch = feedForward.bind();
    return new LayerSpec(
        index,
        topology,
        norm(attentionNorm),
        attention(),
        norm(postAttentionNorm),
        norm(feedForwardNorm),
        branch,
        norm(postFeedForwardNorm),
        residualScale);
  }

  private AttentionSpec attention() {
    int outputInputs = headCount * decoder.valueLength;
    return new AttentionSpec(
        headCount,
        kvHeadCount,
        decoder.keyLength,
        decoder.valueLength,
        projection.orElseGet(this::directProjection),
        checkpoint.linear(name("attn_output"), decoder.hiddenSize, outputInputs),
        queryNorm,
        keyNorm,
        rope,
        attentionScale,
        softcap,
        slidingWindow,
        attentionOutputNorm,
        temperature);
  }

  private ProjectionSpec directProjection() {
    int queries = headCount * decoder.keyLength;
    int keys = kvHeadCount * decoder.keyLength;
    int values = kvHeadCount * decoder.valueLength;
    Optional<Tensor> fused =
        checkpoint.optional(
            name("attn_qkv.weight"), (long) queries + keys + values, decoder.hiddenSize);
    if (fused.isEmpty()) {
      return new ProjectionSpec.Direct(
          checkpoint.linear(name("attn_q"), queries, decoder.hiddenSize),
          checkpoint.linear(name("attn_k"), keys, decoder.hiddenSize),
          checkpoint.linear(name("attn_v"), values, decoder.hiddenSize));
    }
    return new ProjectionSpec.Direct(
        fusedPart(fused.get(), 0, queries),
        fusedPart(fused.get(), queries, keys),
        fusedPart(fused.get(), queries + keys, values));
  }

  private LinearSpec fusedPart(Tensor fused, int firstRow, int rows) {
    Optional<Tensor> bias =
        checkpoint
            .optional(name("attn_qkv.bias"), fused.rows())
            .map(whole -> whole.elements(firstRow, rows));
    return new LinearSpec(fused.rows(firstRow, rows), bias, checkpoint.scale(name("attn_qkv")));
  }

  private LayerBinder queryKeyNorms(int querySize, int keySize) {
    queryNorm = Optional.of(checkpoint.norm(decoder.normKind, name("attn_q_norm"), querySize));
    keyNorm = Optional.of(checkpoint.norm(decoder.normKind, name("attn_k_norm"), keySize));
    return this;
  }

  private Optional<NormSpec> norm(Optional<String> role) {
    return role.map(r -> checkpoint.norm(decoder.normKind, name(r), decoder.hiddenSize));
  }
}
