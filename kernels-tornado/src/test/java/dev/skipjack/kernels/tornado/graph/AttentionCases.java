package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Step;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.AttentionSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import dev.skipjack.models.spec.RopeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Rotation, cache and attention. */
final class AttentionCases {
  private static final int BATCH = KernelCases.BATCH;
  private static final int COUNT = KernelCases.COUNT;
  private static final int CONTEXT = 80;

  /** The conversation's part of the cache, and how many there are. */
  private static final int SLOT = 1;

  private static final int SLOTS = 2;

  private final RandomArrays arrays = new RandomArrays();
  private final List<KernelCase> cases = new ArrayList<>();

  List<KernelCase> all() {
    rotate(RopeSpec.Layout.NORM);
    rotate(RopeSpec.Layout.NEOX);
    attend(0, 0, 0, 0);
    attend(70, 0, 0, 0);
    attend(70, 9, 0, 0);
    attend(35, 64, 20, 1);
    return cases;
  }

  private void rotate(RopeSpec.Layout layout) {
    int heads = 3;
    int length = 10;
    int position = 70_000;
    float[] frequencies = {1, 0.1f, 0.003f};
    DeviceRotation rotation = DeviceRotation.of(new RopeSpec(layout, 6, frequencies, 1.5f), BATCH);
    rotation.prepare(COUNT, position);
    FloatArray x = arrays.floats(BATCH * heads * length);
    FloatArray before = RandomArrays.copy(x);
    var kernels = KernelCases.kernels(KernelForm.LOOPS, RandomArrays.step(position, COUNT));
    kernels.rotate("rotate", x, rotation, heads, length);
    double[] expected = new double[x.getSize()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = before.get(i);
    }
    for (int head = 0; head < COUNT * heads; head++) {
      for (int pair = 0; pair < 3; pair++) {
        int a = head * length + (layout == RopeSpec.Layout.NEOX ? pair : 2 * pair);
        int b = a + (layout == RopeSpec.Layout.NEOX ? 3 : 1);
        double angle = (position + head / heads) * (double) frequencies[pair];
        expected[a] = 1.5 * (before.get(a) * Math.cos(angle) - before.get(b) * Math.sin(angle));
        expected[b] = 1.5 * (before.get(a) * Math.sin(angle) + before.get(b) * Math.cos(angle));
      }
    }
    cases.add(
        new KernelCase("rotation " + layout, kernels.calls(), List.of(x), x::get, expected, 1));
  }

  /** Stores two tokens behind {@code position} others and attends to all. */
  private void attend(int position, int window, float cap, int groupsOfOne) {
    int kvHeads = 2;
    int heads = groupsOfOne == 1 ? kvHeads : 3 * kvHeads;
    int keyLength = 6;
    int valueLength = 5;
    AttentionSpec spec = spec(heads, kvHeads, keyLength, valueLength, window, cap);
    DeviceCache cache =
        new DeviceCache(
            spec,
            CONTEXT,
            arrays.floats(SLOTS * CONTEXT * kvHeads * keyLength),
            arrays.floats(SLOTS * CONTEXT * kvHeads * valueLength));
    FloatArray query = arrays.floats(BATCH * heads * keyLength);
    FloatArray key = arrays.floats(BATCH * kvHeads * keyLength);
    FloatArray value = arrays.floats(BATCH * kvHeads * valueLength);
    FloatArray out = RandomArrays.unset(BATCH * heads * valueLength);
    IntArray step = RandomArrays.step(position, COUNT);
    step.set(Step.SLOT, SLOT);
    var kernels = KernelCases.kernels(KernelForm.LOOPS, step);
    kernels.store("store", key, value, cache);
    Scores scores =
        new Scores(new FloatArray(BATCH * heads * CONTEXT), RandomArrays.unset(BATCH * heads * 32));
    kernels.attend("attend", query, cache, scores, out);
    double[] expected = new double[COUNT * heads * valueLength];
    for (int t = 0; t < COUNT; t++) {
      for (int h = 0; h < heads; h++) {
        attention(spec, cache, query, key, value, position, t, h, expected);
      }
    }
    cases.add(
        new KernelCase(
            "attention at %d, window %d, cap %s, %d heads".formatted(position, window, cap, heads),
            kernels.calls(),
            List.of(out),
            out::get,
            expected,
            CONTEXT));
  }

  private AttentionSpec spec(
      int heads, int kvHeads, int keyLength, int valueLength, int window, float cap) {
    LinearSpec unused = LinearSpec.of(arrays.tensor(TensorType.F32, 1, 1));
    return new AttentionSpec(
        heads,
        kvHeads,
        keyLength,
        valueLength,
        new ProjectionSpec.Direct(unused, unused, unused),
        unused,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0.7f,
        cap,
        window,
        Optional.empty(),
        Optional.empty());
  }

  private static void attention(
      AttentionSpec spec,
      DeviceCache cache,
      FloatArray query,
      FloatArray key,
      FloatArray value,
      int position,
      int t,
      int h,
      double[] expected) {
    int end = position + t + 1;
    int start = spec.slidingWindow() == 0 ? 0 : Math.max(0, end - spec.slidingWindow());
    int kvHead = h / spec.groupSize();
    int row = t * spec.headCount() + h;
    double[] weights = new double[end];
    double total = 0;
    for (int p = start; p < end; p++) {
      double score = 0;
      for (int c = 0; c < spec.keyLength(); c++) {
        int at = kvHead * spec.keyLength() + c;
        float k =
            p < position
                ? cache.keys().get((SLOT * CONTEXT + p) * cache.keyRow() + at)
                : key.get((p - position) * cache.keyRow() + at);
        score += query.get(row * spec.keyLength() + c) * (double) k;
      }
      score *= spec.scale();
      weights[p] =
          Math.exp(spec.softcap() > 0 ? spec.softcap() * Math.tanh(score / spec.softcap()) : score);
      total += weights[p];
    }
    for (int p = start; p < end; p++) {
      for (int c = 0; c < spec.valueLength(); c++) {
        int at = kvHead * spec.valueLength() + c;
        float v =
            p < position
                ? cache.values().get((SLOT * CONTEXT + p) * cache.valueRow() + at)
                : value.get((p - position) * cache.valueRow() + at);
        expected[row * spec.valueLength() + c] += weights[p] / total * v;
      }
    }
  }
}
