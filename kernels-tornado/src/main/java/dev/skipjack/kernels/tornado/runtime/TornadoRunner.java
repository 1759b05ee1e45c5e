package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.kernels.tornado.graph.GraphPlan;
import dev.skipjack.kernels.tornado.graph.GraphRunner;
import dev.skipjack.kernels.tornado.graph.KernelCall;
import dev.skipjack.kernels.tornado.kernel.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Runs graphs on a device. Weights go there when their graph first runs. TornadoVM keeps a command
 * queue for every thread, so that one thread of its own does everything.
 */
final class TornadoRunner implements GraphRunner {
  private final String device;
  private final List<GraphPlan> plans;
  private final TornadoExecutionPlan execution;
  private final GridScheduler grids = new GridScheduler();
  private final TornadoExecutionResult[] last;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("skipjack-device").daemon().factory());

  private TornadoRunner(String device, List<GraphPlan> plans, TornadoExecutionPlan execution) {
    this.device = device;
    this.plans = plans;
    this.execution = execution;
    this.last = new TornadoExecutionResult[plans.size()];
  }

  /**
   * Builds and compiles graphs.
   *
   * @param name of the device, for messages
   * @throws DeviceException if a kernel does not compile; names it
   */
  static TornadoRunner compile(String name, TornadoDevice device, List<GraphPlan> plans) {
    List<ImmutableTaskGraph> graphs = new ArrayList<>();
    for (GraphPlan plan : plans) {
      graphs.add(graph(plan).snapshot());
    }
    var execution = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    var runner = new TornadoRunner(name, plans, execution);
    plans.forEach(runner::addGrids);
    try {
      await(runner.thread.submit(() -> runner.prepare(device)));
      return runner;
    } catch (RuntimeException | Error e) {
      runner.close();
      throw new DeviceException("device %s: %s".formatted(name, StartFailure.messages(e)), e);
    }
  }

  private void prepare(TornadoDevice device) {
    execution.withDevice(device);
    if (!grids.keySet().isEmpty()) {
      execution.withAllGraphs().withGridScheduler(grids);
    }
  }

  private static TaskGraph graph(GraphPlan plan) {
    TaskGraph graph = new TaskGraph(plan.name());
    for (String source : plan.sources()) {
      graph.consumeFromDevice(source, plan.taken().toArray());
    }
    transfer(graph, DataTransferMode.FIRST_EXECUTION, plan.own());
    transfer(graph, DataTransferMode.EVERY_EXECUTION, plan.inputs());
    plan.calls().forEach(call -> graph.addTask(call.task()));
    if (!plan.kept().isEmpty()) {
      graph.persistOnDevice(plan.kept().toArray());
    }
    if (!plan.results().isEmpty()) {
      graph.transferToHost(DataTransferMode.EVERY_EXECUTION, plan.results().toArray());
    }
    if (!plan.onDemand().isEmpty()) {
      graph.transferToHost(DataTransferMode.UNDER_DEMAND, plan.onDemand().toArray());
    }
    return graph;
  }

  private static void transfer(TaskGraph graph, int mode, List<Object> arrays) {
    if (!arrays.isEmpty()) {
      graph.transferToDevice(mode, arrays.toArray());
    }
  }

  private void addGrids(GraphPlan plan) {
    for (KernelCall call : plan.calls()) {
      call.groups()
          .ifPresent(
              groups -> {
                var grid = new WorkerGrid1D(Math.multiplyExact(groups, Groups.SIZE));
                grid.setLocalWork(Groups.SIZE, 1, 1);
                grids.addWorkerGrid(plan.name() + "." + call.name(), grid);
              });
    }
  }

  @Override
  public void run(int index, Runnable beside) {
    Future<?> running =
        thread.submit(
            () -> {
              last[index] = execution.withGraph(index).execute();
            });
    try {
      beside.run();
    } finally {
      finish(index, running);
    }
  }

  @Override
  public void fetch(int index, TornadoNativeArray array) {
    finish(index, thread.submit(() -> last[index].transferToHost(array)));
  }

  private void finish(int index, Future<?> running) {
    try {
      await(running);
    } catch (RuntimeException | Error e) {
      throw failure(index, e);
    }
  }

  /** Waits even if this thread is interrupted: the device cannot be stopped half way. */
  private static void await(Future<?> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unwrapped(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unwrapped(Throwable cause) {
    return switch (cause) {
      case RuntimeException own -> own;
      case Error error -> throw error;
      default -> new IllegalStateException(cause);
    };
  }

  private DeviceException failure(int index, Throwable e) {
    return new DeviceException(
        "device %s, graph %s: %s"
            .formatted(device, plans.get(index).name(), StartFailure.messages(e)),
        e);
  }

  @Override
  public void close() {
    try {
      await(thread.submit(this::free));
    } catch (RuntimeException | Error e) {
      throw new DeviceException("device %s: %s".formatted(device, StartFailure.messages(e)), e);
    } finally {
      thread.shutdown();
    }
  }

  private Void free() throws TornadoExecutionPlanException {
    execution.freeDeviceMemory();
    execution.close();
    return null;
  }
}
