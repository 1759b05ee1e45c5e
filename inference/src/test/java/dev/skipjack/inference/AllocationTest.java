package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Decoding allocates nothing per token once it is warm. */
class AllocationTest {
  private static final int WARM_UP = 300;
  private static final int MEASURED = 100;

  /** Compilers run beside the test, and on a busy machine far behind it. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  @Test
  void decodeAllocatesNothingPerToken() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(2));
        Session session = model.newSession()) {
      // Compilation is done after a few hundred tokens; an interpreted vector is an object.
      for (int round = 0; round < 4; round++) {
        session.rewind(0);
        feed(session, WARM_UP);
      }
      long least = Long.MAX_VALUE;
      long start = System.nanoTime();
      while (least / MEASURED >= 16 && System.nanoTime() - start < PATIENCE) {
        session.rewind(WARM_UP);
        long before = threads.getTotalThreadAllocatedBytes();
        feed(session, MEASURED);
        least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
      }
      // Other threads of the JVM may allocate a little; one object per token would be more.
      assertThat(least / MEASURED).isLessThan(16);
    }
  }

  private static void feed(Session session, int tokens) {
    int[] one = new int[1];
    for (int i = 0; i < tokens; i++) {
      one[0] = 3 + i % 2000;
      session.evaluate(one);
    }
  }
}
