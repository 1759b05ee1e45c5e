package dev.skipjack.inference.decoder;

import dev.skipjack.inference.attention.AttentionSpace;
import dev.skipjack.inference.attention.KvCache;
import dev.skipjack.inference.attention.Rotations;
import dev.skipjack.inference.device.DeviceSession;
import dev.skipjack.inference.layer.Observer;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.memory.NativeMemory;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One session's way through a {@link Decoder}: its buffers, its cache, and the task the team runs.
 * Made once and reused for every batch, so that a step allocates nothing; the buffers begin with
 * room for one token and grow when a longer batch comes. One thread at a time.
 */
public final class ForwardPass implements AutoCloseable {
  private final String source;
  private final Decoder decoder;
  private final Optional<DeviceSession> device;
  private final boolean deviceLogits;
  private final ThreadTeam team;
  private final int batch;
  private final NativeMemory memory = new NativeMemory();
  private final Workspace space;
  private final Rotations rotations;
  private final List<KvCache> caches;
  private final AttentionSpace attention;
  private final ThreadTeam.Task task = this::step;
  private boolean layers;
  private int firstLogits;
  private int logitRows;

  /**
   * @param source the model file, for messages
   * @param batch most tokens per pass
   * @param contextLength most positions in the cache
   */
  public ForwardPass(
      String source,
      Decoder decoder,
      KernelProvider kernels,
      TensorType cacheType,
      ThreadTeam team,
      int batch,
      int contextLength) {
    this(source, decoder, kernels, cacheType, team, batch, contextLength, Optional.empty(), false);
  }

  /**
   * A pass whose last layers a device computes.
   *
   * @param deviceLogits whether it computes the logits too
   */
  public ForwardPass(
      String source,
      Decoder decoder,
      KernelProvider kernels,
      TensorType cacheType,
      ThreadTeam team,
      int batch,
      int contextLength,
      Optional<DeviceSession> device,
      boolean deviceLogits) {
    this.source = source;
    this.decoder = decoder;
    this.device = device;
    this.deviceLogits = deviceLogits;
    this.team = team;
    this.batch = batch;
    this.space = decoder.newWorkspace(1, team.size());
    this.rotations = new Rotations(decoder.spec(), 1);
    this.caches = new ArrayList<>();
    for (LayerSpec layer : decoder.spec().layers().subList(0, decoder.hostLayers())) {
      caches.add(new KvCache(memory, kernels.cache(cacheType), layer.attention(), contextLength));
    }
    this.attention = new AttentionSpace(decoder.spec(), team.size());
  }

  public Workspace space() {
    return space;
  }

  /** Most tokens in a pass. */
  public int batch() {
    return batch;
  }

  /** Layers that the device computes. */
  public int deviceLayers() {
    return decoder.spec().layers().size() - decoder.hostLayers();
  }

  /** Shows an observer everything that is computed from now on, in place of an earlier one. */
  public void observe(Observer observer) {
    space.observer = Optional.of(observer);
  }

  /**
   * Feeds {@code count} tokens at {@code position} and leaves the logits of the last in the first
   * row of {@link Workspace#logits} if asked to.
   *
   * @param count at most {@link #batch()}
   * @param prompt whether they are (part of) a prompt
   */
  public void feed(
      int[] tokens, int offset, int count, int position, boolean prompt, boolean wantLogits) {
    feedHost(tokens, offset, count, position, prompt, wantLogits && device.isEmpty());
    if (device.isPresent()) {
      finish(device.get(), wantLogits);
    }
  }

  /** Whether {@link #feedGreedy} can be used. */
  public boolean choosesGreedily() {
    return device.isPresent() && deviceLogits;
  }

  /**
   * Feeds tokens like {@link #feed} and has the device choose the next one, so that neither its
   * residual stream nor its logits come back.
   *
   * @return the token with the largest logit
   */
  public int feedGreedy(int[] tokens, int offset, int count, int position, boolean prompt) {
    feedHost(tokens, offset, count, position, prompt, false);
    return device.orElseThrow().forwardGreedy(space.residual, count, position);
  }

  private void feedHost(
      int[] tokens, int offset, int count, int position, boolean prompt, boolean wantLogits) {
    reserve(count);
    System.arraycopy(tokens, offset, space.tokens, 0, count);
    space.count = count;
    space.position = position;
    space.prompt = prompt;
    layers = true;
    firstLogits = count - 1;
    logitRows = wantLogits ? 1 : 0;
    run();
  }

  /**
   * Grows to the next power of two, so that prompts of slightly different lengths share buffers.
   */
  private void reserve(int count) {
    if (count > space.batch()) {
      int room = Math.min(batch, Integer.highestOneBit(2 * count - 1));
      space.reserve(room);
      rotations.reserve(room);
    }
  }

  /** Leaves the same as a step without a device. */
  private void finish(DeviceSession session, boolean wantLogits) {
    if (wantLogits && deviceLogits) {
      session.forward(space.residual, space.count, space.position, space.logits);
      return;
    }
    session.forward(space.residual, space.count, space.position);
    if (wantLogits) {
      logits(space.count - 1, 1);
    }
  }

  /** Computes logits of tokens {@code [first, first + rows)} of the batch fed last. */
  public void logits(int first, int rows) {
    if (deviceLogits) {
      device.orElseThrow().logits(space.residual, first, rows, space.logits);
      return;
    }
    layers = false;
    firstLogits = first;
    logitRows = rows;
    run();
  }

  private void run() {
    try {
      team.run(task);
    } catch (InternalError e) {
      throw MappedFiles.explain(source, e);
    }
  }

  private void step(Worker worker) {
    if (layers) {
      decoder.forward(worker, space, caches, rotations, attention);
    }
    if (logitRows > 0) {
      decoder.logits(worker, space, firstLogits, logitRows);
    }
  }

  /** Frees the cache. */
  @Override
  public void close() {
    device.ifPresent(DeviceSession::close);
    memory.close();
  }
}
