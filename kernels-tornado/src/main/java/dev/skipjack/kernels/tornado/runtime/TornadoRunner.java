package dev.skipjack.kernels.tornado.runtime;

import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.kernels.tornado.graph.GraphPlan;
import dev.skipjack.kernels.tornado.graph.GraphRunner;
import dev.skipjack.kernels.tornado.graph.KernelCall;
import dev.skipjack.kernels.tornado.kernel.Groups;
import java.util.ArrayList;
import java.util.List;
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

/** Runs graphs on a device. Weights go there when their graph first runs. */
final class TornadoRunner implements GraphRunner {
  private final String device;
  private final List<GraphPlan> plans;
  private final TornadoExecutionPlan execution;
  private final GridScheduler grids = new GridScheduler();
  private final TornadoExecutionResult[] last;

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
      execution.withDevice(device);
      if (!runner.grids.keySet().isEmpty()) {
        execution.withAllGraphs().withGridScheduler(runner.grids);
      }
      return runner;
    } catch (RuntimeException | Error e) {
      runner.close();
      throw new DeviceException("device %s: %s".formatted(name, StartFailure.messages(e)), e);
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
  public void run(int index) {
    try {
      last[index] = execution.withGraph(index).execute();
    } catch (RuntimeException | Error e) {
      throw failure(index, e);
    }
  }

  @Override
  public void fetch(int index, TornadoNativeArray array) {
    try {
      last[index].transferToHost(array);
    } catch (RuntimeException | Error e) {
      throw failure(index, e);
    }
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
      execution.freeDeviceMemory();
      execution.close();
    } catch (TornadoExecutionPlanException e) {
      throw new DeviceException("device %s: %s".formatted(device, StartFailure.messages(e)), e);
    }
  }
}
