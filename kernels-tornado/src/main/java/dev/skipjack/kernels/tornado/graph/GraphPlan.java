package dev.skipjack.kernels.tornado.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * One task graph: what goes in, what runs, what stays. Arrays are told apart by identity.
 *
 * @param name also the prefix of its tasks
 * @param sources graphs of which one has run just before; none for a graph that begins
 * @param taken arrays that stay on the device since the source ran
 * @param inputs arrays that the host writes before every run
 * @param own arrays that go to the device when the graph first runs: weights, caches, scratch
 * @param kept arrays that stay on the device for the next graph
 * @param results arrays that the host reads after every run
 * @param onDemand arrays that the host may ask for after a run
 */
public record GraphPlan(
    String name,
    List<String> sources,
    List<KernelCall> calls,
    List<Object> taken,
    List<Object> inputs,
    List<Object> own,
    List<Object> kept,
    List<Object> results,
    List<Object> onDemand) {
  public GraphPlan {
    sources = List.copyOf(sources);
    calls = List.copyOf(calls);
    taken = List.copyOf(taken);
    inputs = List.copyOf(inputs);
    own = List.copyOf(own);
    kept = List.copyOf(kept);
    results = List.copyOf(results);
    onDemand = List.copyOf(onDemand);
  }

  /** A graph that stands alone and whose results the host reads. */
  static GraphPlan alone(
      String name, List<KernelCall> calls, List<Object> inputs, List<Object> results) {
    List<Object> own = used(calls);
    own.removeIf(identities(inputs)::contains);
    return new GraphPlan(
        name, List.of(), calls, List.of(), inputs, own, List.of(), results, List.of());
  }

  /** One kernel in a graph of its own, with whatever its arrays hold. */
  public static GraphPlan alone(KernelCall call) {
    return alone("alone", List.of(call), List.of(), List.of());
  }

  /**
   * A graph among others. A device keeps an array from one graph to the next only if both use it;
   * any other is sent again if the host writes it, and is the graph's own if not.
   *
   * @param sources that it can follow
   * @param shared arrays of several graphs
   * @param written those of them that the host writes
   */
  static GraphPlan linked(
      String name,
      List<GraphPlan> sources,
      List<KernelCall> calls,
      Collection<Object> shared,
      Collection<Object> written,
      List<Object> results,
      List<Object> onDemand) {
    List<Object> taken = new ArrayList<>();
    List<Object> inputs = new ArrayList<>();
    List<Object> own = new ArrayList<>();
    List<Object> kept = new ArrayList<>();
    Set<Object> sharedOnes = identities(shared);
    Set<Object> writtenOnes = identities(written);
    for (Object array : used(calls)) {
      boolean common = sharedOnes.contains(array);
      if (common) {
        kept.add(array);
      }
      if (common && !sources.isEmpty() && sources.stream().allMatch(s -> s.keeps(array))) {
        taken.add(array);
      } else if (writtenOnes.contains(array)) {
        inputs.add(array);
      } else {
        own.add(array);
      }
    }
    List<String> names = sources.stream().map(GraphPlan::name).toList();
    return new GraphPlan(name, names, calls, taken, inputs, own, kept, results, onDemand);
  }

  private boolean keeps(Object array) {
    return kept.stream().anyMatch(other -> other == array);
  }

  private static List<Object> used(List<KernelCall> calls) {
    Set<Object> seen = identities(List.of());
    List<Object> used = new ArrayList<>();
    for (KernelCall call : calls) {
      for (Object array : call.arrays()) {
        if (seen.add(array)) {
          used.add(array);
        }
      }
    }
    return used;
  }

  private static Set<Object> identities(Collection<Object> arrays) {
    Set<Object> set = Collections.newSetFromMap(new IdentityHashMap<>());
    set.addAll(arrays);
    return set;
  }
}
