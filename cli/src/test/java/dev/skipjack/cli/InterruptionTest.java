package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterruptionTest {
  @Test
  void interruptsTheCommandAndWaitsUntilItHasEnded() throws InterruptedException {
    Interruption interruption = Interruption.listen();
    Thread shutdown = Thread.ofPlatform().start(interruption::request);
    while (!interruption.requested() || !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }

    assertThat(shutdown.isAlive()).isTrue();
    interruption.acknowledge();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    interruption.close();
    shutdown.join();
  }
}
