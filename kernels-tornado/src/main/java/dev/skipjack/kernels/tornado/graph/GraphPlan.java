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
   * A graph among others. It takes over what all graphs that it can follow keep, and keeps that and
   * whatever it shares, whether its kernels use it or not: a device hands arrays from one graph to
   * the next only. What the host writes is sent if it is not taken over; the rest is its own.
   *
   * @param sources that it can follow
   * @param shared arrays of several graphs
   * @param written arrays that the host writes, shared or not
   */
  static GraphPlan linked(
      String name,
      List<GraphPlan> sources,
      List<KernelCall> calls,
      Collection<Object> shared,
      Collection<Object> written,
      List<Object> results,
      List<Object> onDemand) {
    List<Object> taken = common(sources);
    Set<Object> takenOnes = identities(taken);
    List<Object> inputs = new ArrayList<>();
    List<Object> own = new ArrayList<>();
    List<Object> kept = new ArrayList<>(taken);
    Set<Object> sharedOnes = identities(shared);
    Set<Object> writtenOnes = identities(written);
    for (Object array : used(calls)) {
      if (takenOnes.contains(array)) {
        continue;
      }
      (writtenOnes.contains(array) ? inputs : own).add(array);
      if (sharedOnes.contains(array)) {
        kept.add(array);
      }
    }
    List<String> names = sources.stream().map(GraphPlan::name).toList();
    return new GraphPlan(name, names, calls, taken, inputs, own, kept, results, onDemand);
  }

  /** What all of some graphs keep. */
  private static List<Object> common(List<GraphPlan> graphs) {
    return graphs.isEmpty()
        ? List.of()
        : graphs.getFirst().kept.stream()
            .filter(array -> graphs.stream().allMatch(graph -> graph.keeps(array)))
            .toList();
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
