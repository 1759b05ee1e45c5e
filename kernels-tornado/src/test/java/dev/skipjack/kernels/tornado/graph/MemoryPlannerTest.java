package dev.skipjack.kernels.tornado.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.HotNeurons;
import dev.skipjack.inference.device.SharedLayer;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which layers of the bundled model fit into how much memory, and what their graphs are. */
class MemoryPlannerTest {
  private static final long PLENTY = 1L << 40;
  private static final DeviceOptions ONE_SESSION = DeviceOptions.of("java").withSessions(1);
  private static final int BATCH = 2;
  private static final int CONTEXT = 64;

  private ModelFile file;
  private DecoderSpec spec;

  @BeforeEach
  void open() {
    file = BundledModel.open();
    spec = Architectures.describe(file, new DescribeOptions(Optional.empty(), CONTEXT));
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static GraphOptions options(KernelForm form) {
    return new GraphOptions(form, FeedForwardMode.EXACT, BATCH, CONTEXT, 512);
  }

  private LayerSplit split(long memory, long largest, DeviceOptions wish) {
    return new MemoryPlanner(spec, options(KernelForm.LOOPS), memory, largest)
        .split(wish, Optional.empty());
  }

  private LayerSplit auto(long memory) {
    return split(memory, PLENTY, ONE_SESSION);
  }

  private List<GraphPlan> plans(KernelForm form, int firstLayer, boolean logits) {
    var split = new LayerSplit(firstLayer, logits, List.of(), 1, 0);
    return new DecoderGraphs(spec, split, options(form), WeightSource.COPY).plans();
  }

  @Test
  void takesEverythingIfThereIsRoom() {
    LayerSplit split = auto(PLENTY);

    assertThat(split.firstLayer()).isZero();
    assertThat(split.logits()).isTrue();
    assertThat(split.deviceLayers(spec)).hasSize(6);
  }

  @Test
  void lessMemoryNeverTakesMoreLayersAndIsNeverExceeded() {
    long all = auto(PLENTY).bytes();
    int before = 0;
    for (long memory = all; memory > all / 2; memory -= all / 100) {
      LayerSplit split = auto(memory);
      assertThat(split.bytes()).isLessThanOrEqualTo(memory);
      assertThat(split.firstLayer()).isGreaterThanOrEqualTo(before);
      before = split.firstLayer();
    }
    assertThat(before).isGreaterThan(0);
  }

  @Test
  void countsAtLeastTheBytesOfTheWeights() {
    long weights = file.tensors().values().stream().mapToLong(tensor -> tensor.byteSize()).sum();

    assertThat(auto(PLENTY).bytes()).isBetween(weights, 2 * weights);
  }

  @Test
  void keepsTheLogitsOnTheHostIfTheirMatrixIsTooLarge() {
    LayerSplit split = split(PLENTY, 400_000, ONE_SESSION);

    assertThat(split.logits()).isFalse();
    assertThat(split.firstLayer()).isZero();
  }

  @Test
  void takesAsManyLayersAsWished() {
    assertThat(split(PLENTY, PLENTY, ONE_SESSION.withLayers(2)).firstLayer()).isEqualTo(4);
  }

  @Test
  void keepsRoomForConversations() {
    DeviceOptions unasked = DeviceOptions.of("java");
    long one = split(PLENTY, PLENTY, ONE_SESSION).bytes();
    LayerSplit four = split(PLENTY, PLENTY, unasked);

    assertThat(four.sessions()).isEqualTo(4);
    assertThat(four.bytes()).isGreaterThan(one);
    // Nobody asked for them, so they cost no layer.
    assertThat(split(one, PLENTY, unasked).sessions()).isEqualTo(1);
    assertThat(split(one, PLENTY, unasked).firstLayer()).isZero();
    assertThat(split(one, PLENTY, unasked.withSessions(3)).firstLayer()).isPositive();
    assertThat(split(PLENTY, PLENTY, unasked.withSessions(9)).sessions()).isEqualTo(9);
  }

  @Test
  void takesTheNeuronsThatFireMost() {
    List<int[]> counts = new ArrayList<>();
    Random random = new Random(3);
    for (int layer = 0; layer < 6; layer++) {
      counts.add(random.ints(1056, 0, 1000 * (layer + 1)).toArray());
    }
    long all = split(PLENTY, PLENTY, ONE_SESSION).bytes();
    LayerSplit split =
        new MemoryPlanner(spec, options(KernelForm.LOOPS), all - all / 5, PLENTY)
            .split(ONE_SESSION, Optional.of(new HotNeurons.Counted("test", counts)));

    assertThat(split.firstLayer()).isZero();
    assertThat(split.bytes()).isBetween(all - all / 4, all - all / 5);
    double leastHot = Double.MAX_VALUE;
    double mostCold = 0;
    for (SharedLayer layer : split.shared()) {
      int[] layerCounts = counts.get(layer.layer());
      int[] cold = layer.cold(layerCounts.length);
      assertThat(layer.hot()).isSorted();
      assertThat(layer.hot().length + cold.length).isEqualTo(layerCounts.length);
      for (int neuron : layer.hot()) {
        leastHot = Math.min(leastHot, layerCounts[neuron]);
      }
      mostCold = Math.max(mostCold, IntStream.of(cold).map(i -> layerCounts[i]).max().orElse(0));
    }
    // Neurons are taken in groups, so that the border is not sharp.
    assertThat(mostCold - leastHot).isLessThan(1000);
    assertThat(split.shared()).isNotEmpty();
  }

  @Test
  void takesChosenNeuronsLayerByLayerFromTheEnd() {
    List<int[]> hot = new ArrayList<>();
    for (int layer = 0; layer < 6; layer++) {
      hot.add(IntStream.range(0, layer == 5 ? 1056 : 100 * layer).toArray());
    }
    long all = split(PLENTY, PLENTY, ONE_SESSION).bytes();
    var planner = new MemoryPlanner(spec, options(KernelForm.LOOPS), all - 1, PLENTY);
    LayerSplit split = planner.split(ONE_SESSION, Optional.of(new HotNeurons.Chosen("test", hot)));

    assertThat(split.firstLayer()).isZero();
    assertThat(split.shared()).extracting(SharedLayer::layer).containsExactly(0, 1, 2, 3, 4);
    assertThat(split.shared().get(3).hot()).hasSize(300);
    assertThat(split.describeShared(spec)).isEqualTo(" (19 % of the neurons of 5)");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> auto(1 << 20))
        .hasMessageContaining("found room for 0 of 6 layers in 1 MB")
        .hasMessageContaining("--device-memory");
    long some = auto(PLENTY).bytes() / 2;
    assertThatThrownBy(() -> split(some, PLENTY, ONE_SESSION.withLayers(6)))
        .hasMessageContaining("expected 6 layers, which take");
    assertThatThrownBy(() -> split(PLENTY, PLENTY, ONE_SESSION.withLayers(7)))
        .hasMessageContaining("GPU layers: found 7, expected 1 to 6");
  }

  @Test
  void graphsHandOverWhatBothUseAndNothingElse() {
    List<GraphPlan> plans = plans(KernelForm.LOOPS, 3, true);

    assertThat(plans)
        .extracting(GraphPlan::name)
        .containsExactly("input", "layer3", "layer4", "layer5", "logits");
    assertThat(plans.get(0).sources()).isEmpty();
    assertThat(plans.get(4).sources()).containsExactly("layer5", "input");
    for (GraphPlan plan : plans) {
      for (String source : plan.sources()) {
        GraphPlan before =
            plans.stream().filter(p -> p.name().equals(source)).findFirst().orElseThrow();
        assertThat(plan.taken())
            .isNotEmpty()
            .allSatisfy(array -> assertThat(before.kept()).anyMatch(kept -> kept == array));
      }
    }
    // The residual and the step come from the graph before; angles go where they are first used.
    assertThat(plans.get(1).inputs()).hasSize(1);
    assertThat(plans.get(2).inputs()).isEmpty();
    assertThat(plans.get(4).results()).hasSize(1);
  }

  @Test
  void everyTaskOfAGraphHasItsOwnName() {
    for (KernelForm form : KernelForm.values()) {
      plans(form, 0, true)
          .forEach(
              plan ->
                  assertThat(plan.calls())
                      .extracting(KernelCall::name)
                      .doesNotHaveDuplicates()
                      .isNotEmpty());
    }
  }

  @Test
  void workGroupsCoverEveryRowOfTheBatch() {
    GraphPlan layer = plans(KernelForm.WORK_GROUPS, 5, false).get(1);

    assertThat(layer.calls())
        .filteredOn(call -> call.name().equals("query"))
        .singleElement()
        .satisfies(call -> assertThat(call.groups()).hasValue(BATCH * 256));
  }
}
