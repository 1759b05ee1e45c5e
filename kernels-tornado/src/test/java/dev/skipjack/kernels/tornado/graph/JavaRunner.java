package dev.skipjack.kernels.tornado.graph;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Runs graphs as plain Java. */
public final class JavaRunner implements GraphRunner {
  private final List<GraphPlan> plans;

  public JavaRunner(List<GraphPlan> plans) {
    this.plans = plans;
  }

  @Override
  public void run(int index, Runnable beside) {
    beside.run();
    plans.get(index).calls().forEach(JavaRunner::run);
  }

  static void run(KernelCall call) {
    Object[] parameters = call.task().getTaskParameters();
    Object code = parameters[0];
    Object[] arguments = Arrays.copyOfRange(parameters, 1, parameters.length);
    if (call.groups().isEmpty()) {
      apply(code, arguments);
      return;
    }
    WorkGroups.run(
        call.groups().getAsInt(),
        context -> {
          Object[] own = arguments.clone();
          own[0] = context;
          apply(code, own);
        });
  }

  private static void apply(Object code, Object[] arguments) {
    try {
      Method method =
          Stream.of(code.getClass().getInterfaces())
              .flatMap(type -> Stream.of(type.getMethods()))
              .filter(candidate -> candidate.getName().equals("apply"))
              .findFirst()
              .orElseThrow();
      method.invoke(code, arguments);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void fetch(int index, TornadoNativeArray array) {
    // It never left the host.
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
