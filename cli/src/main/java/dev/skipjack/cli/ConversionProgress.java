package dev.skipjack.cli;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.convert.ConversionListener;
import dev.skipjack.models.convert.RowOrder;
import dev.skipjack.models.convert.TensorStep;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows on standard error how a conversion goes: a bar for someone who watches, or one line per
 * tensor for a log and for whoever asks for more. Fall-backs and warnings are said in both.
 */
final class ConversionProgress implements ConversionListener, AutoCloseable {
  /** Fits the narrowest usual terminal. */
  private static final int BAR_COLUMNS = 79;

  private static final int REFRESH_MILLIS = 200;
  private static final String ERASE_LINE = "\r\033[K";

  private final Streams streams;
  private final boolean lines;
  private Optional<ProgressBar> bar = Optional.empty();
  private int tensors;

  private ConversionProgress(Streams streams, boolean lines) {
    this.streams = streams;
    this.lines = lines;
  }

  static ConversionProgress of(Streams streams, boolean verbose) {
    return new ConversionProgress(streams, verbose || !StandardError.isTerminal());
  }

  @Override
  public void warning(String text) {
    say("skipjack: " + Text.oneLine(text));
  }

  @Override
  public void started(int count, long outputBytes) {
    tensors = count;
    if (!lines && count > 0) {
      bar = Optional.of(newBar(outputBytes));
    }
  }

  private ProgressBar newBar(long bytes) {
    return new ProgressBarBuilder()
        .setTaskName("convert")
        .setInitialMax(bytes)
        .setUnit(" MB", 1_000_000)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(REFRESH_MILLIS)
        .setConsumer(new DelegatingProgressBarConsumer(this::redraw, BAR_COLUMNS))
        .build();
  }

  private void redraw(String text) {
    streams.err().print("\r" + text);
    streams.err().flush();
  }

  @Override
  public void tensor(int number, TensorStep step) {
    if (lines) {
      say(line(number, step));
    } else if (!step.note().isEmpty()) {
      say("%s is %s, %s".formatted(step.source().name(), spelled(step.type()), step.note()));
    }
  }

  @Override
  public void written(long bytes) {
    bar.ifPresent(shown -> shown.stepBy(bytes));
  }

  private void say(String line) {
    streams.err().println((bar.isPresent() ? ERASE_LINE : "") + Text.oneLine(line));
  }

  private String line(int number, TensorStep step) {
    Tensor source = step.source();
    String action = step.copies() ? "copying" : "converting to " + spelled(step.type());
    String order = step.rows().equals(RowOrder.AS_IS) ? "" : ", rows interleaved";
    String note = step.note().isEmpty() ? "" : " (" + step.note() + ")";
    return String.format(
        Locale.ROOT,
        "[%4d/%4d] %-36s - [%s], type = %6s, %s%s .. size = %s -> %s%s",
        number,
        tensors,
        source.name(),
        contiguousFirst(source.shape()),
        spelled(source.type()),
        action,
        order,
        Text.bytes(source.byteSize()),
        Text.bytes(step.byteSize()),
        note);
  }

  private static String spelled(Enum<?> type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** GGUF's own order of dimensions. */
  private static String contiguousFirst(long[] shape) {
    return LongStream.range(0, shape.length)
        .mapToObj(i -> "" + shape[shape.length - 1 - (int) i])
        .collect(Collectors.joining(", "));
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
