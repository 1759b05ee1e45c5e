package dev.skipjack.inference.calibration;

import dev.skipjack.inference.CacheType;
import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Everything a {@link CalibrationMethod} may use: the model, the text, what the user asked for, and
 * dense passes with somebody watching. One thread at a time.
 */
public final class CalibrationRun implements AutoCloseable {
  private final GgufFile file;
  private final DecoderSpec spec;
  private final SparsifyOptions options;
  private final CalibrationText text;
  private final CalibrationListener listener;
  private final Path output;
  private final KernelProvider kernels = KernelProviders.get();
  private final ThreadTeam team;
  private final FeedForwards dense;
  private final Decoder decoder;

  CalibrationRun(
      GgufFile file,
      DecoderSpec spec,
      CalibrationText text,
      SparsifyOptions options,
      Path output,
      CalibrationListener listener) {
    this.file = file;
    this.spec = spec;
    this.text = text;
    this.options = options;
    this.output = output;
    this.listener = listener;
    this.team =
        new ThreadTeam(options.threads() == 0 ? ThreadTeam.defaultThreads() : options.threads());
    try {
      this.dense = FeedForwards.dense(kernels, spec);
      this.decoder = new Decoder(kernels, spec, dense);
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
  }

  public GgufFile file() {
    return file;
  }

  public DecoderSpec spec() {
    return spec;
  }

  public CalibrationText text() {
    return text;
  }

  public double target() {
    return options.chosenTarget();
  }

  public CalibrationSettings settings() {
    return options.chosenSettings();
  }

  public long seed() {
    return options.seed();
  }

  public KernelProvider kernels() {
    return kernels;
  }

  /** The threads to compute with; results must not depend on how many there are. */
  public ThreadTeam team() {
    return team;
  }

  public CalibrationListener listener() {
    return listener;
  }

  /**
   * A directory beside the output, which need not exist, for what a method has finished so far: it
   * is there for the next run if this one is interrupted, and deleted when the output is complete.
   */
  public Path workDirectory() {
    return output.resolveSibling(output.getFileName() + ".partial");
  }

  /** All that the result depends on, in one line: the same for equal runs. */
  public String description() {
    return Provenance.of(file, options);
  }

  /**
   * Runs the dense model over windows, each from an empty cache, and shows everything to an
   * observer.
   *
   * @param phase what to call it
   * @throws CancellationException if the thread is interrupted
   */
  public void observe(String phase, List<int[]> windows, Observer observer) {
    int longest = windows.stream().mapToInt(window -> window.length).max().orElseThrow();
    listener.phase(phase, windows.size());
    try (ForwardPass pass =
        new ForwardPass(file.source(), decoder, kernels, cacheType(), team, longest, longest)) {
      pass.observe(observer);
      for (int[] window : windows) {
        checkInterrupt();
        pass.feed(window, 0, window.length, 0, true, false);
        listener.advanced(1, "");
      }
    }
  }

  private TensorType cacheType() {
    return CacheType.AUTO.resolve(spec);
  }

  /**
   * To be called every few moments of long work.
   *
   * @throws CancellationException if the thread is interrupted
   */
  public void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("calibration: interrupted");
    }
  }

  /** Layer numbers, for streams. */
  IntStream layers() {
    return IntStream.range(0, spec.layers().size());
  }

  @Override
  public void close() {
    dense.close();
    team.close();
  }
}
