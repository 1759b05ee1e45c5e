package dev.skipjack.kernels.tornado.graph;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/**
 * One kernel with its arguments.
 *
 * @param task name, method and arguments
 * @param groups work-groups to run; empty where TornadoVM counts the iterations of the loop
 */
public record KernelCall(TaskPackage task, OptionalInt groups) {
  static KernelCall loop(TaskPackage task) {
    return new KernelCall(task, OptionalInt.empty());
  }

  static KernelCall groups(TaskPackage task, int count) {
    return new KernelCall(task, OptionalInt.of(count));
  }

  public String name() {
    return task.getId();
  }

  /** The arrays among the arguments, which a graph must bring to the device. */
  public List<Object> arrays() {
    Object[] parameters = task.getTaskParameters();
    return Arrays.stream(parameters, 1, parameters.length)
        .filter(argument -> !(argument instanceof Number || argument instanceof KernelContext))
        .toList();
  }
}
