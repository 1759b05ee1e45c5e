package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Decoding allocates nothing per token once it is warm. Judged in a process of its own: what C2
 * makes of a kernel depends on everything that ran before it.
 */
class AllocationTest {
  private static final int WARM_UP = 300;
  private static final int MEASURED = 100;

  /** Compilers run beside the test, and on a busy machine far behind it. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  @Test
  void decodeAllocatesNothingPerToken() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(AllocationTest.class.getName());
    int exitCode =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    assertThat(exitCode).isZero();
  }

  /** Measures in this process. */
  public static void main(String[] arguments) {
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
