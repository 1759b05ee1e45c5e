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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Compiled kernels allocate nothing. A vector that C2 fails to keep in a register is boxed: that
 * shows here long before it shows as a slow model.
 *
 * <p>What C2 inlines depends on everything that ran before in the process, so kernels that do not
 * settle in this one, after all the types before them, are judged in a process of their own.
 */
class AllocationTest {
  static final List<TensorType> TYPES = TestTensors.encodableTypes();

  private static final int ROWS = 96;
  private static final int COLS = 512;
  private static final int TOKENS = 7;
  private static final int CALLS = 50;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(15);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final KernelProvider provider = new VectorKernelProvider();

  @ParameterizedTest
  @FieldSource("TYPES")
  void matrices(TensorType type) throws Exception {
    judge("matrices", type);
  }

  private void matricesSettle(TensorType type) {
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

  @ParameterizedTest
  @FieldSource("dev.skipjack.kernels.vector.PackedMatrixTest#TYPES")
  void packedMatrices(TensorType type) throws Exception {
    judge("packedMatrices", type);
  }

  /** Copied, which is how types that are not packed are kept. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void copiedMatrices(TensorType type) throws Exception {
    judge("packedMatrices", type);
  }

  private void packedMatricesSettle(TensorType type) {
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

  @ParameterizedTest
  @FieldSource("dev.skipjack.kernels.vector.PackedRowsTest#TYPES")
  void packedRows(TensorType type) throws Exception {
    judge("packedRows", type);
  }

  private void packedRowsSettle(TensorType type) {
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

  @ParameterizedTest
  @FieldSource("dev.skipjack.kernels.vector.PackedChannelsTest#TYPES")
  void packedChannels(TensorType type) throws Exception {
    judge("packedChannels", type);
  }

  private void packedChannelsSettle(TensorType type) {
    Channels packed = PackedChannelsTest.pack(tensor(type, COLS, 2 * ROWS, 1));
    float[] values = TestTensors.floats(ROWS, 3);
    int[] list = IntStream.range(0, ROWS).map(i -> 2 * i).toArray();
    float[] y = new float[COLS];
    assertSettlesAtZero(() -> packed.multiply(values, list, 0, ROWS, 0, COLS, y));
    int middle = packed.cut(list, ROWS, ROWS / 2);
    assertSettlesAtZero(() -> packed.multiply(values, list, middle, ROWS - 5, 0, COLS, y));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "Q8_0"}) // what sessions keep keys and values in
  void caches(TensorType type) throws Exception {
    judge("caches", type);
  }

  private void cachesSettle(TensorType type) {
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

  @Test
  void floatArrays() throws Exception {
    judge("floatArrays", TensorType.F32);
  }

  private void floatArraysSettle() {
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
    } while (allocated != 0 && threads.getCurrentThreadCpuTime() - start < PATIENCE);
    assertThat(allocated).as("bytes allocated by %d calls", CALLS).isZero();
  }

  private void judge(String kernels, TensorType type) throws Exception {
    try {
      settle(kernels, type);
    } catch (AssertionError boxedHere) {
      assertThat(exitCodeOfOwnProcess(kernels, type)).as(boxedHere.getMessage()).isZero();
    }
  }

  private void settle(String kernels, TensorType type) {
    switch (kernels) {
      case "matrices" -> matricesSettle(type);
      case "packedMatrices" -> packedMatricesSettle(type);
      case "packedRows" -> packedRowsSettle(type);
      case "packedChannels" -> packedChannelsSettle(type);
      case "caches" -> cachesSettle(type);
      case "floatArrays" -> floatArraysSettle();
      default -> throw new IllegalArgumentException(kernels);
    }
  }

  private static int exitCodeOfOwnProcess(String kernels, TensorType type) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib"))
        .forEach(command::add);
    String property = Species.PROPERTY;
    command.add("-D%s=%d".formatted(property, Species.BITS));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(AllocationTest.class.getName(), kernels, type.name()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Judges one kind of kernels in this process: {@code KERNELS TYPE}. */
  public static void main(String[] arguments) {
    new AllocationTest().settle(arguments[0], TensorType.valueOf(arguments[1]));
  }
}
