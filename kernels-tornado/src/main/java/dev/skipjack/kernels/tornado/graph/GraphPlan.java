package dev.skipjack.kernels.tornado.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * One task graph: what goes in, what runs, what stays. The arrays of {@code shared} stay on the
 * device from graph to graph; all others that a kernel names go there when the graph first runs.
 *
 * @param name also the prefix of its tasks
 * @param sources graphs that may have run just before, whose shared arrays it takes over; none for
 *     a graph that begins
 * @param inputs arrays that the host writes before every run
 * @param shared every array that graphs share, in all of them the same
 * @param results arrays that the host reads after every run
 * @param onDemand arrays that the host may ask for after a run
 */
public record GraphPlan(
    String name,
    List<String> sources,
    List<Object> inputs,
    List<Object> shared,
    List<KernelCall> calls,
    List<Object> results,
    List<Object> onDemand) {
  public GraphPlan {
    sources = List.copyOf(sources);
    inputs = List.copyOf(inputs);
    shared = List.copyOf(shared);
    calls = List.copyOf(calls);
    results = List.copyOf(results);
    onDemand = List.copyOf(onDemand);
  }

  /** Arrays that belong to this graph alone and go to the device once: weights and caches. */
  public List<Object> constants() {
    Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(shared);
    known.addAll(inputs);
    List<Object> constants = new ArrayList<>();
    for (KernelCall call : calls) {
      for (Object array : call.arrays()) {
        if (known.add(array)) {
          constants.add(array);
        }
      }
    }
    return constants;
  }
}
