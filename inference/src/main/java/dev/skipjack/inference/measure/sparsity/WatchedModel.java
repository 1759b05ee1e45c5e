package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.CacheType;
import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.inference.measure.LogProbability;
import dev.skipjack.inference.measure.TextWindows.Window;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;

/**
 * A model that runs over a text with somebody watching its neurons, or with thresholds on them.
 * Sequences are cut into chunks, so that what watchers keep of them stays small. One thread at a
 * time; close it before its file.
 */
final class WatchedModel implements AutoCloseable {
  /** Neurons of a chunk, all layers together, take at most about this. */
  private static final long CHUNK_BYTES = 64L << 20;

  private static final int MOST_CHUNK_TOKENS = 512;

  private final ModelFile file;
  private final DecoderSpec spec;
  private final KernelProvider kernels = KernelProviders.get();
  private final ThreadTeam team;
  private final NeuronThresholds thresholds;
  private final FeedForwards feedForwards;
  private final Decoder decoder;

  WatchedModel(ModelFile file, DecoderSpec spec, int threads) {
    this.file = file;
    this.spec = spec;
    this.team = new ThreadTeam(threads == 0 ? ThreadTeam.defaultThreads() : threads);
    try {
      this.thresholds = new NeuronThresholds(kernels, spec.layers().size(), team.size());
      this.feedForwards = FeedForwards.dense(kernels, thresholds, spec);
      this.decoder = new Decoder(kernels, spec, feedForwards);
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
  }

  KernelProvider kernels() {
    return kernels;
  }

  ThreadTeam team() {
    return team;
  }

  DecoderSpec spec() {
    return spec;
  }

  ModelFile file() {
    return file;
  }

  NeuronThresholds thresholds() {
    return thresholds;
  }

  /** Tokens that go through the layers together. */
  int chunk() {
    long perToken = spec.layers().stream().mapToLong(WatchedModel::neurons).sum() * Float.BYTES;
    return Math.clamp(CHUNK_BYTES / perToken, 1, MOST_CHUNK_TOKENS);
  }

  /** Neurons of a layer, of one expert where it has several. */
  static int neurons(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense -> dense.length();
      case MixtureOfExperts mixture -> mixture.experts().getFirst().length();
    };
  }

  /**
   * Runs windows, each from an empty cache.
   *
   * @param progress hears how many windows are done
   * @throws CancellationException if the thread is interrupted
   */
  void watch(List<Window> windows, Watcher watcher, IntConsumer progress) {
    watch(decoder, windows, watcher, progress);
  }

  /** The same with other feed-forward branches. */
  void watch(FeedForwards branches, List<Window> windows, Watcher watcher, IntConsumer progress) {
    watch(new Decoder(kernels, spec, branches), windows, watcher, progress);
  }

  private void watch(Decoder watched, List<Window> windows, Watcher watcher, IntConsumer progress) {
    int chunk = chunk();
    try (ForwardPass pass = pass(watched, windows, chunk)) {
      pass.observe(watcher);
      for (int i = 0; i < windows.size(); i++) {
        watcher.begin();
        int[] tokens = windows.get(i).tokens();
        for (int start = 0; start < tokens.length; start += chunk) {
          checkInterrupt();
          int count = Math.min(chunk, tokens.length - start);
          pass.feed(tokens, start, count, start, true, false);
          watcher.endChunk(count);
        }
        progress.accept(i + 1);
      }
    }
  }

  /**
   * The mean negative log likelihood of the scored tokens under the thresholds set.
   *
   * @param progress hears how many windows are done
   * @throws CancellationException if the thread is interrupted
   */
  double loss(List<Window> windows, IntConsumer progress) {
    double sum = 0;
    long scored = 0;
    int chunk = chunk();
    try (ForwardPass pass = pass(decoder, windows, chunk)) {
      for (int i = 0; i < windows.size(); i++) {
        int[] tokens = windows.get(i).tokens();
        int first = windows.get(i).firstScored();
        for (int start = 0; start < tokens.length; start += chunk) {
          checkInterrupt();
          int count = Math.min(chunk, tokens.length - start);
          pass.feed(tokens, start, count, start, true, false);
          sum += loss(pass, tokens, start, count, first);
        }
        scored += tokens.length - first;
        progress.accept(i + 1);
      }
    }
    return sum / scored;
  }

  /** Adds up the losses of those tokens that follow a token of the chunk and count. */
  private double loss(ForwardPass pass, int[] tokens, int start, int count, int firstScored) {
    int from = Math.max(firstScored - 1 - start, 0);
    int to = Math.min(count, tokens.length - 1 - start);
    int vocabulary = spec.config().vocabularySize();
    double sum = 0;
    for (int first = from; first < to; first += Workspace.LOGIT_ROWS) {
      int rows = Math.min(Workspace.LOGIT_ROWS, to - first);
      pass.logits(first, rows);
      for (int i = 0; i < rows; i++) {
        float[] logits =
            Arrays.copyOfRange(pass.space().logits, i * vocabulary, (i + 1) * vocabulary);
        sum -= LogProbability.of(logits, tokens[start + first + i + 1]);
      }
    }
    return sum;
  }

  private ForwardPass pass(Decoder run, List<Window> windows, int chunk) {
    int longest = windows.stream().mapToInt(window -> window.tokens().length).max().orElseThrow();
    return new ForwardPass(
        file.source(),
        run,
        kernels,
        CacheType.AUTO.resolve(spec),
        team,
        Math.min(chunk, longest),
        longest);
  }

  private static void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("measurement: interrupted");
    }
  }

  @Override
  public void close() {
    feedForwards.close();
    team.close();
  }
}
