package dev.skipjack.kernels.tornado.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which layers of the bundled model fit into how much memory, and what their graphs are. */
class MemoryPlannerTest {
  private static final long PLENTY = 1L << 40;
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

  private LayerSplit split(long memory, long largest, OptionalInt wish) {
    return new MemoryPlanner(spec, BATCH, CONTEXT, memory, largest).split(wish);
  }

  private LayerSplit auto(long memory) {
    return split(memory, PLENTY, OptionalInt.empty());
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
    LayerSplit split = split(PLENTY, 400_000, OptionalInt.empty());

    assertThat(split.logits()).isFalse();
    assertThat(split.firstLayer()).isZero();
  }

  @Test
  void takesAsManyLayersAsWished() {
    assertThat(split(PLENTY, PLENTY, OptionalInt.of(2)).firstLayer()).isEqualTo(4);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> auto(1 << 20))
        .hasMessageContaining("found room for 0 of 6 layers in 1 MB")
        .hasMessageContaining("--device-memory");
    long some = auto(PLENTY).bytes() / 2;
    assertThatThrownBy(() -> split(some, PLENTY, OptionalInt.of(6)))
        .hasMessageContaining("expected 6 layers, which take");
    assertThatThrownBy(() -> split(PLENTY, PLENTY, OptionalInt.of(7)))
        .hasMessageContaining("GPU layers: found 7, expected 1 to 6");
  }

  @Test
  void graphsHandOverWhatBothUseAndNothingElse() {
    var split = new LayerSplit(3, true, 0);
    List<GraphPlan> plans =
        new DecoderGraphs(
                spec,
                split,
                KernelForm.LOOPS,
                FeedForwardMode.EXACT,
                BATCH,
                CONTEXT,
                WeightSource.COPY)
            .plans();

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
    var split = new LayerSplit(0, true, 0);
    for (KernelForm form : KernelForm.values()) {
      new DecoderGraphs(spec, split, form, FeedForwardMode.EXACT, BATCH, CONTEXT, WeightSource.COPY)
          .plans()
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
    var split = new LayerSplit(5, false, 0);
    GraphPlan layer =
        new DecoderGraphs(
                spec,
                split,
                KernelForm.WORK_GROUPS,
                FeedForwardMode.EXACT,
                BATCH,
                CONTEXT,
                WeightSource.COPY)
            .plans()
            .get(1);

    assertThat(layer.calls())
        .filteredOn(call -> call.name().equals("query"))
        .singleElement()
        .satisfies(call -> assertThat(call.groups()).hasValue(BATCH * 256));
  }
}
