package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TerminalInputTest {
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private LineDisciplineTerminal terminal;
  private TerminalInput input;

  @BeforeEach
  void open() throws IOException {
    terminal = new LineDisciplineTerminal("test", "ansi", screen, StandardCharsets.UTF_8);
    terminal.setSize(Size.of(80, 24));
    input = new TerminalInput(terminal);
  }

  @AfterEach
  void close() throws IOException {
    input.close();
  }

  @Test
  void readsLinesAsTheyAre() {
    type("say \"hi\\there! !! 日本\r");

    assertThat(input.next()).contains("say \"hi\\there! !! 日本");
    assertThat(input.isInteractive()).isTrue();
  }

  @Test
  void theArrowBringsEarlierMessagesBack() {
    type("first\r");
    input.next();
    type("\u0010\r");

    assertThat(input.next()).contains("first");
  }

  @Test
  void controlCEmptiesTheLineAndControlDEnds() throws Exception {
    Thread typist =
        Thread.ofVirtual()
            .start(
                () -> {
                  awaitOnScreen("> ");
                  type("half a thou\u0003");
                  awaitOnScreen("ends the chat)");
                  type("whole\r");
                });

    assertThat(input.next()).contains("whole");
    typist.join();
    screen.reset();
    Thread.ofVirtual()
        .start(
            () -> {
              awaitOnScreen("> ");
              type("\u0004");
            });
    assertThat(input.next()).isEmpty();
  }

  @Test
  void controlCCancelsWorkAndNothingElse() {
    boolean cancelled =
        input.cancellable(
            asked -> {
              assertThat(asked.getAsBoolean()).isFalse();
              terminal.raise(Terminal.Signal.INT);
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              return asked.getAsBoolean();
            });

    assertThat(cancelled).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private void type(String keys) {
    try {
      terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys that are signals count for whoever reads when they are pressed. */
  private void awaitOnScreen(String text) {
    while (!screen.toString(StandardCharsets.UTF_8).contains(text)) {
      Thread.yield();
    }
  }
}
