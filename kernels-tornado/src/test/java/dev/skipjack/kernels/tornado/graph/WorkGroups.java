package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Groups;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Runs a work-group kernel as plain Java: a thread for each thread of a group, real barriers, local
 * memory that the group shares and that begins with rubbish, one group after the other.
 */
final class WorkGroups {
  private WorkGroups() {}

  static void run(int groups, Consumer<KernelContext> kernel) {
    try (ExecutorService threads = Executors.newFixedThreadPool(Groups.SIZE)) {
      for (int group = 0; group < groups; group++) {
        var shared = new SharedMemory();
        List<Future<?>> running = new ArrayList<>();
        for (int lane = 0; lane < Groups.SIZE; lane++) {
          var context = new LaneContext(shared, group, lane);
          running.add(
              threads.submit(
                  () -> {
                    try {
                      kernel.accept(context);
                    } finally {
                      shared.barrier.reset();
                    }
                  }));
        }
        for (Future<?> lane : running) {
          await(lane);
        }
      }
    }
  }

  private static void await(Future<?> lane) {
    try {
      lane.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("a thread of the group failed", e);
    }
  }

  private static final class SharedMemory {
    private final CyclicBarrier barrier = new CyclicBarrier(Groups.SIZE);
    private float[] floats = new float[0];

    synchronized float[] floats(int size) {
      if (floats.length == 0) {
        floats = new float[size];
        Arrays.fill(floats, Float.NaN);
      }
      return floats;
    }
  }

  private static final class LaneContext extends KernelContext {
    private final SharedMemory shared;

    LaneContext(SharedMemory shared, int group, int lane) {
      this.shared = shared;
      set("groupIdx", group);
      set("localIdx", lane);
      set("globalIdx", group * Groups.SIZE + lane);
      set("localGroupSizeX", Groups.SIZE);
    }

    /** On a device the compiler replaces the fields; in Java only reflection can. */
    private void set(String name, int value) {
      try {
        Field field = KernelContext.class.getField(name);
        field.setAccessible(true);
        field.set(this, value);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public float[] allocateFloatLocalArray(int size) {
      return shared.floats(size);
    }

    @Override
    public void localBarrier() {
      try {
        shared.barrier.await();
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new AssertionError("not every thread of the group came to the barrier", e);
      }
    }
  }
}
