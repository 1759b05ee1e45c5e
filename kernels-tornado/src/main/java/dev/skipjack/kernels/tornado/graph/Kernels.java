package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.ActiveNeurons;
import dev.skipjack.kernels.tornado.kernel.Attention;
import dev.skipjack.kernels.tornado.kernel.FeedForward;
import dev.skipjack.kernels.tornado.kernel.Norms;
import dev.skipjack.kernels.tornado.kernel.Streams;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Collects the kernel calls of a graph, in the form that suits the device. */
final class Kernels {
  private final KernelForm form;
  private final int batch;
  private final IntArray step;
  private final FloatArray normParts;
  private final List<KernelCall> calls = new ArrayList<>();

  /**
   * @param batch most tokens in a step
   * @param normParts {@code [batch x most vectors x Norms.PARTS]}
   */
  Kernels(KernelForm form, int batch, IntArray step, FloatArray normParts) {
    this.form = form;
    this.batch = batch;
    this.step = step;
    this.normParts = normParts;
  }

  List<KernelCall> calls() {
    return calls;
  }

  /** The same calls for one token only, whatever the step says. */
  Kernels forOneToken() {
    return new Kernels(form, 1, step, normParts);
  }

  private void loop(TaskPackage task) {
    calls.add(KernelCall.loop(task));
  }

  /** {@code y (+)= factor (scale W x + bias)}. */
  void multiply(
      String id, DeviceLinear linear, FloatArray x, FloatArray y, float factor, int mode) {
    var call = new ProjectionCall(id, linear, x, y, step, batch, factor, mode);
    calls.add(form == KernelForm.WORK_GROUPS ? call.inGroups() : call.inLoops());
  }

  /** {@code out = norm(x)}, {@code vectors} to a token. */
  void norm(String id, FloatArray x, DeviceNorm norm, FloatArray out, int vectors) {
    FloatArray weight = norm.weight();
    int size = weight.getSize();
    if (form == KernelForm.WORK_GROUPS) {
      calls.add(
          KernelCall.groups(
              new TaskPackage(
                  id,
                  Norms::inGroups,
                  new KernelContext(),
                  x,
                  weight,
                  out,
                  step,
                  vectors,
                  size,
                  norm.epsilon()),
              batch * vectors));
      return;
    }
    loop(new TaskPackage(id + "Squares", Norms::squares, x, normParts, step, vectors, size, batch));
    loop(
        new TaskPackage(
            id,
            Norms::scale,
            x,
            normParts,
            weight,
            out,
            step,
            vectors,
            size,
            batch,
            norm.epsilon()));
  }

  /** Rotates the heads of {@code x}. */
  void rotate(String id, FloatArray x, DeviceRotation rotation, int heads, int length) {
    loop(
        new TaskPackage(
            id,
            Attention::rotateHeads,
            x,
            rotation.angles(),
            step,
            heads,
            length,
            rotation.pairs(),
            rotation.halves() ? 1 : 0,
            batch));
  }

  /** Appends keys and values to the cache. */
  void store(String id, FloatArray key, FloatArray value, DeviceCache cache) {
    loop(
        new TaskPackage(
            id,
            Attention::store,
            key,
            value,
            cache.keys(),
            cache.values(),
            step,
            cache.keyRow(),
            cache.valueRow(),
            cache.context(),
            batch));
  }

  /** Attends to the cache. */
  void attend(String id, FloatArray query, DeviceCache cache, Scores scores, FloatArray out) {
    var spec = cache.spec();
    loop(
        new TaskPackage(
            id + "Scores",
            Attention::score,
            query,
            cache.keys(),
            scores.values(),
            scores.peaks(),
            step,
            spec.headCount(),
            spec.groupSize(),
            spec.keyLength(),
            cache.context(),
            spec.slidingWindow(),
            batch,
            spec.scale(),
            spec.softcap()));
    loop(
        new TaskPackage(
            id,
            Attention::mixValues,
            scores.values(),
            scores.peaks(),
            cache.values(),
            out,
            step,
            spec.headCount(),
            spec.groupSize(),
            spec.valueLength(),
            cache.context(),
            spec.slidingWindow(),
            batch));
  }

  /** Every neuron. */
  void activate(String id, DeviceNeurons net, FloatArray x, FloatArray neurons) {
    DeviceMatrix gate = net.gate();
    DeviceMatrix up = net.up();
    if (form == KernelForm.WORK_GROUPS) {
      calls.add(
          KernelCall.groups(
              new TaskPackage(
                  id,
                  FeedForward::activateInGroups,
                  new KernelContext(),
                  gate.floats(),
                  gate.bytes(),
                  up.floats(),
                  up.bytes(),
                  x,
                  neurons,
                  net.parameters(),
                  step,
                  net.formats(),
                  net.kinds(),
                  up.rows(),
                  up.cols()),
              batch * up.rows()));
      return;
    }
    loop(
        new TaskPackage(
            id,
            FeedForward::activate,
            gate.floats(),
            gate.bytes(),
            up.floats(),
            up.bytes(),
            x,
            neurons,
            net.parameters(),
            step,
            net.formats(),
            net.kinds(),
            up.rows(),
            up.cols(),
            batch));
  }

  /** The listed neurons, by their places in the list. */
  void activateListed(
      String id, DeviceNeurons net, FloatArray x, ActiveList list, FloatArray neurons) {
    DeviceMatrix gate = net.gate();
    DeviceMatrix up = net.up();
    loop(
        new TaskPackage(
            id,
            FeedForward::activateListed,
            gate.floats(),
            gate.bytes(),
            up.floats(),
            up.bytes(),
            x,
            list.indices(),
            list.totals(),
            neurons,
            net.parameters(),
            step,
            net.formats(),
            net.kinds(),
            up.rows(),
            up.cols(),
            batch));
  }

  /** Lists the neurons whose values are active. */
  void list(String id, FloatArray values, int length, ActiveList list, int rule, float threshold) {
    loop(
        new TaskPackage(
            id + "Counts",
            ActiveNeurons::count,
            values,
            list.counts(),
            step,
            length,
            batch,
            rule,
            threshold));
    loop(
        new TaskPackage(
            id,
            ActiveNeurons::list,
            values,
            list.counts(),
            list.indices(),
            list.totals(),
            step,
            length,
            batch,
            rule,
            threshold));
  }

  /** {@code y (+)= factor (scale sum_i a_i W[i] + bias)} over listed neurons. */
  void down(
      String id,
      DeviceLinear linear,
      FloatArray neurons,
      ActiveList list,
      FloatArray y,
      float factor,
      int modes) {
    DeviceMatrix w = linear.matrix();
    loop(
        new TaskPackage(
            id,
            ActiveNeurons::down,
            w.floats(),
            w.bytes(),
            linear.bias(),
            neurons,
            list.indices(),
            list.totals(),
            y,
            step,
            w.format(),
            w.rows(),
            w.cols(),
            batch,
            linear.scale(),
            factor,
            modes));
  }

  /** {@code y += factor x}. */
  void add(String id, FloatArray x, FloatArray y, int size, float factor) {
    loop(new TaskPackage(id, Streams::add, x, y, step, size, batch, factor));
  }

  /** {@code y = x}. */
  void copy(String id, FloatArray x, FloatArray y, int size) {
    loop(new TaskPackage(id, Streams::copy, x, y, step, size, batch));
  }

  /** {@code y = x[last token]}. */
  void last(String id, FloatArray x, FloatArray y, int size) {
    loop(new TaskPackage(id, Streams::last, x, y, step, size));
  }

  /** {@code x = cap tanh(x / cap)}. */
  void cap(String id, FloatArray x, int size, float cap) {
    loop(new TaskPackage(id, Streams::cap, x, step, size, batch, cap));
  }

  /** The place of the largest of the step's choices, which are the first values of {@code x}. */
  void argmax(String id, FloatArray x, IntArray result) {
    FloatArray peaks = new FloatArray(Streams.PARTS);
    IntArray places = new IntArray(Streams.PARTS);
    loop(new TaskPackage(id + "Parts", Streams::peaks, x, peaks, places, step));
    loop(new TaskPackage(id, Streams::argmax, peaks, places, result));
  }
}
