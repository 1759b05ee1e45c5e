package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.TestTensors.activations;
import static dev.skipjack.kernels.TestTensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.Channels;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.RowTable;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.TestTensors;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Compiled kernels allocate nothing. A vector that C2 fails to keep in a register is boxed: that
 * shows here long before it shows as a slow model.
 *
 * <p>What C2 inlines depends on everything that ran before in the process. So all kernels run in a
 * process that runs nothing else, and those that do not settle there, after all the types before
 * them, in one of their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AllocationTest {
  private static final int ROWS = 96;
  private static final int COLS = 512;
  private static final int TOKENS = 7;
  private static final int CALLS = 50;

  /** Time on the processor that kernels have to settle, in nanoseconds: with others before. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

  /** In a process of their own. */
  private static final long LAST_PATIENCE = TimeUnit.SECONDS.toNanos(15);

  /** Kernels of one kind, for one type of tensor. */
  record Kernels(String kind, TensorType type) {
    @Override
    public String toString() {
      return kind + " " + type;
    }
  }

  static final List<Kernels> KERNELS =
      Stream.of(
              // Copied, which is how types that are not packed are kept.
              kernels("packedMatrices", List.of(TensorType.F32, TensorType.F16, TensorType.BF16)),
              // What sessions keep keys and values in.
              kernels("caches", List.of(TensorType.F32, TensorType.F16, TensorType.Q8_0)),
              kernels("packedMatrices", PackedMatrixTest.TYPES),
              kernels("packedRows", PackedRowsTest.TYPES),
              kernels("packedChannels", PackedChannelsTest.TYPES),
              kernels("matrices", TestTensors.encodableTypes()),
              kernels("floatArrays", List.of(TensorType.F32)))
          .flatMap(List::stream)
          .toList();

  private static List<Kernels> kernels(String kind, List<TensorType> types) {
    return types.stream().map(type -> new Kernels(kind, type)).toList();
  }

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final KernelProvider provider = new VectorKernelProvider();
  private long patience = PATIENCE;
  private List<String> unsettled;

  @BeforeAll
  void judgeAllInOneProcess() throws Exception {
    unsettled = run();
  }

  @ParameterizedTest
  @FieldSource("KERNELS")
  void allocateNothing(Kernels kernels) throws Exception {
    if (unsettled.contains(kernels.toString())) {
      assertThat(run(kernels.kind(), kernels.type().name())).isEmpty();
    }
  }

  private void matrices(TensorType type) {
    Tensor tensor = tensor(type, ROWS, COLS, 1);
    RowMatrix matrix = provider.matrix(tensor);
    RowTable table = provider.table(tensor);
    Activations x = activations(TOKENS, COLS, 2);
    float[] y = new float[TOKENS * ROWS];
    float[] row = new float[COLS];
    float[] coefficients = TestTensors.floats(ROWS, 3);
    int[] rows = IntStream.range(0, ROWS - 1).toArray();
    assertSettlesAtZero(() -> matrix.multiply(x, 1, 0, ROWS, y, 0, ROWS));
    assertSettlesAtZero(() -> matrix.multiply(x, TOKENS, 0, ROWS, y, 0, ROWS));
    assertSettlesAtZero(() -> matrix.multiplyRows(x, 2, rows, 0, rows.length, y, 0));
    assertSettlesAtZero(() -> matrix.addRows(coefficients, 0, rows, rows.length, 0, COLS, row, 0));
    assertSettlesAtZero(() -> matrix.row(1, row, 0));
    assertSettlesAtZero(() -> table.row(1, row, 0));
  }

  private void packedMatrices(TensorType type) {
    PackedTensor layout = provider.packed(tensor(type, ROWS + 3, COLS, 1)).orElseThrow();
    MemorySegment copy = Arena.ofAuto().allocate(layout.byteSize());
    layout.survey(0, layout.parts());
    layout.pack(copy, 0, layout.parts());
    Matrix matrix = layout.matrix(copy);
    Activations x = activations(TOKENS, COLS, 2);
    float[] y = new float[TOKENS * (ROWS + 3)];
    assertSettlesAtZero(() -> matrix.multiply(x, 1, 0, ROWS + 3, y, 0, ROWS + 3));
    assertSettlesAtZero(() -> matrix.multiply(x, TOKENS, 0, ROWS + 3, y, 0, ROWS + 3));
  }

  private void packedRows(TensorType type) {
    Rows packed = PackedRowsTest.pack(tensor(type, ROWS, COLS, 1));
    Activations x = activations(TOKENS, COLS, 2);
    provider.floats().quantize(x, 0, TOKENS);
    float[] y = new float[ROWS];
    float[] sum = new float[COLS];
    float[] coefficients = TestTensors.floats(ROWS, 3);
    int[] rows = IntStream.range(0, ROWS - 1).toArray();
    float[] all = new float[TOKENS * ROWS];
    assertSettlesAtZero(() -> packed.multiplyRows(x, 2, rows, 0, rows.length, y, 0));
    packed
        .whole()
        .ifPresent(
            whole -> assertSettlesAtZero(() -> whole.multiply(x, TOKENS, 0, ROWS, all, 0, ROWS)));
    assertSettlesAtZero(() -> packed.addRows(coefficients, 0, rows, rows.length, 0, COLS, sum, 0));
  }

  private void packedChannels(TensorType type) {
    Channels packed = PackedChannelsTest.pack(tensor(type, COLS, 2 * ROWS, 1));
    float[] values = TestTensors.floats(ROWS, 3);
    int[] list = IntStream.range(0, ROWS).map(i -> 2 * i).toArray();
    float[] y = new float[COLS];
    assertSettlesAtZero(() -> packed.multiply(values, list, 0, ROWS, 0, COLS, y));
    int middle = packed.cut(list, ROWS, ROWS / 2);
    assertSettlesAtZero(() -> packed.multiply(values, list, middle, ROWS - 5, 0, COLS, y));
  }

  private void caches(TensorType type) {
    CacheKernels cache = provider.cache(type);
    int length = 96;
    MemorySegment segment = Arena.ofAuto().allocate(cache.tileBytes(length));
    float[] tile = TestTensors.floats(CacheKernels.TILE * length, 1);
    float[] rows = TestTensors.floats(CacheKernels.TILE * length, 2);
    assertSettlesAtZero(() -> cache.storeKey(tile, 0, length, segment, 0, 3));
    assertSettlesAtZero(() -> cache.storeValue(tile, 0, length, segment, 0, 3));
    assertSettlesAtZero(() -> cache.loadKeys(segment, 0, length, tile));
    assertSettlesAtZero(() -> cache.loadValues(segment, 0, length, 50, tile));
    if (cache.directRows(length) > 0) {
      assertSettlesAtZero(() -> cache.touch(segment, 0, length, segment, 0, length));
      assertSettlesAtZero(() -> cache.score(segment, 0, length, 50, rows, 5, rows, tile));
      assertSettlesAtZero(() -> cache.mix(segment, 0, length, 3, 50, rows, 1, 5, rows, tile));
    }
  }

  private void floatArrays() {
    FloatKernels kernels = provider.floats();
    float[] x = TestTensors.floats(COLS, 1);
    float[] y = TestTensors.floats(COLS, 2);
    Activations activations = activations(TOKENS, COLS + 5, 3);
    assertSettlesAtZero(() -> kernels.dot(x, 1, y, 0, COLS - 1));
    assertSettlesAtZero(() -> kernels.axpy(0.5f, x, 1, y, 0, COLS - 1));
    assertSettlesAtZero(() -> kernels.rmsNorm(x, 0, y, 1e-5f, x, 0, COLS));
    assertSettlesAtZero(() -> kernels.layerNorm(x, 0, y, y, 1e-5f, x, 0, COLS));
    assertSettlesAtZero(() -> kernels.addProduct(x, 0, 40, y, 1, x, 200, 7, 10, 43));
    assertSettlesAtZero(() -> kernels.max(x, 1, COLS - 1));
    assertSettlesAtZero(() -> kernels.maxima(x, 1, 40, 7, 39, y, 2));
    float[] maxima = new float[8];
    float[] totals = new float[8];
    float[] shrunk = new float[8];
    assertSettlesAtZero(() -> kernels.continueSoftmax(x, 1, 40, 7, 39, 1, maxima, totals, shrunk));
    assertSettlesAtZero(() -> kernels.exponentials(1, x, 1, COLS - 1));
    assertSettlesAtZero(() -> kernels.softmax(x, 1, COLS - 1));
    assertSettlesAtZero(() -> kernels.softcap(1, x, 1, COLS - 1));
    assertSettlesAtZero(() -> kernels.rotate(x, 0, y, y, 0, COLS / 2, true));
    assertSettlesAtZero(() -> kernels.rotate(x, 0, y, y, 0, COLS / 2, false));
    assertSettlesAtZero(() -> kernels.argmax(x, 1, COLS - 1));
    assertSettlesAtZero(() -> kernels.quantize(activations, 0, TOKENS));
  }

  /** Calls until a round allocates nothing, which it must once compilation has caught up. */
  private void assertSettlesAtZero(Runnable kernel) {
    // Time on the processor: a machine that is busy elsewhere must not decide.
    long start = threads.getCurrentThreadCpuTime();
    long allocated;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        kernel.run();
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    } while (allocated != 0 && threads.getCurrentThreadCpuTime() - start < patience);
    assertThat(allocated).as("bytes allocated by %d calls", CALLS).isZero();
  }

  private void settle(Kernels kernels) {
    TensorType type = kernels.type();
    switch (kernels.kind()) {
      case "matrices" -> matrices(type);
      case "packedMatrices" -> packedMatrices(type);
      case "packedRows" -> packedRows(type);
      case "packedChannels" -> packedChannels(type);
      case "caches" -> caches(type);
      case "floatArrays" -> floatArrays();
      default -> throw new IllegalArgumentException(kernels.kind());
    }
  }

  /** The output of {@link #main} in a process of its own, which has to end well. */
  private static List<String> run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib"))
        .forEach(command::add);
    String property = Species.PROPERTY;
    command.add("-D%s=%d".formatted(property, Species.BITS));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(AllocationTest.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> output = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output;
  }

  /** Prints which kernels do not settle in this process: of all, or of {@code KIND TYPE} alone. */
  public static void main(String[] arguments) {
    AllocationTest test = new AllocationTest();
    List<Kernels> judged = KERNELS;
    if (arguments.length > 0) {
      judged = List.of(new Kernels(arguments[0], TensorType.valueOf(arguments[1])));
      test.patience = LAST_PATIENCE;
    }
    for (Kernels kernels : judged) {
      try {
        test.settle(kernels);
      } catch (AssertionError boxed) {
        System.out.printf("%s%n%s%n", kernels, boxed.getMessage());
      }
    }
  }
}
