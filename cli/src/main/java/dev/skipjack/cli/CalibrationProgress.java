package dev.skipjack.cli;

import dev.skipjack.inference.calibration.CalibrationListener;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows on standard error how a calibration goes: a bar per stretch of work for someone who
 * watches, lines for a log and for whoever asks for more.
 */
final class CalibrationProgress implements CalibrationListener, AutoCloseable {
  /** Fits the narrowest usual terminal. */
  private static final int BAR_COLUMNS = 79;

  private static final int REFRESH_MILLIS = 200;
  private static final String ERASE_LINE = "\r\033[K";

  private final Streams streams;
  private final boolean verbose;
  private final boolean watched;
  private Optional<ProgressBar> bar = Optional.empty();

  private CalibrationProgress(Streams streams, boolean verbose, boolean watched) {
    this.streams = streams;
    this.verbose = verbose;
    this.watched = watched;
  }

  static CalibrationProgress of(Streams streams, boolean verbose) {
    return new CalibrationProgress(streams, verbose, StandardError.isTerminal());
  }

  @Override
  public void warning(String text) {
    say("skipjack: " + Text.oneLine(text));
  }

  @Override
  public void detail(String text) {
    if (verbose || watched) {
      say(Text.oneLine(text));
    }
  }

  @Override
  public void phase(String name, long steps) {
    close();
    if (watched && steps > 0) {
      bar =
          Optional.of(
              new ProgressBarBuilder()
                  .setTaskName(name)
                  .setInitialMax(steps)
                  .setStyle(ProgressBarStyle.ASCII)
                  .setUpdateIntervalMillis(REFRESH_MILLIS)
                  .setConsumer(new DelegatingProgressBarConsumer(this::redraw, BAR_COLUMNS))
                  .build());
    }
  }

  private void redraw(String text) {
    streams.err().print("\r" + text);
    streams.err().flush();
  }

  @Override
  public void advanced(long steps, String state) {
    bar.ifPresent(
        shown -> {
          shown.stepBy(steps);
          shown.setExtraMessage(state);
        });
  }

  private void say(String line) {
    streams.err().println((bar.isPresent() ? ERASE_LINE : "") + line);
  }

  /** Ends the bar; a second call does nothing. */
  @Override
  public void close() {
    bar.ifPresent(
        shown -> {
          shown.close();
          streams.err().println();
        });
    bar = Optional.empty();
  }
}
