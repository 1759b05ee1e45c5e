package dev.skipjack.loader.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;

class GgufRoundTripTest {
  /**
   * @param seed of the tensor's bytes
   */
  private record Sample(TensorType type, long[] shape, long seed) {
    byte[] bytes() {
      long elements = 1;
      for (long dimension : shape) {
        elements *= dimension;
      }
      byte[] bytes = new byte[(int) type.byteSize(elements)];
      new SplittableRandom(seed).nextBytes(bytes);
      return bytes;
    }
  }

  @Property(tries = 300, seed = "4711", edgeCases = EdgeCasesMode.NONE)
  void whatIsReadIsWhatWasWritten(
      @ForAll("metadata") Map<String, GgufValue> values,
      @ForAll("tensors") Map<String, Sample> tensors)
      throws IOException {
    Path file = Files.createTempFile("round-trip", ".gguf");
    try {
      GgufWriter writer = new GgufWriter().putAll(values);
      tensors.forEach(
          (name, sample) ->
              writer.tensor(name, sample.type, sample.shape, sink -> inPieces(sink, sample)));
      writer.write(file);

      try (GgufFile model = GgufFile.open(file)) {
        assertThat(model.values()).isEqualTo(values);
        assertThat(List.copyOf(model.values().keySet())).isEqualTo(List.copyOf(values.keySet()));
        assertThat(List.copyOf(model.tensors().keySet())).isEqualTo(List.copyOf(tensors.keySet()));
        tensors.forEach(
            (name, sample) -> {
              Tensor tensor = model.tensors().get(name);
              assertThat(tensor.type()).isEqualTo(sample.type);
              assertThat(tensor.shape()).isEqualTo(sample.shape);
              assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(sample.bytes());
            });
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void inPieces(GgufWriter.Sink sink, Sample sample) throws IOException {
    MemorySegment bytes = MemorySegment.ofArray(sample.bytes());
    for (long at = 0; at < bytes.byteSize(); at += 100) {
      sink.write(bytes.asSlice(at, Math.min(100, bytes.byteSize() - at)));
    }
  }

  @Provide
  Arbitrary<Map<String, GgufValue>> metadata() {
    Arbitrary<GgufValue> value =
        Arbitraries.of(GgufType.values()).flatMap(type -> Arbitraries.oneOf(one(type), many(type)));
    Arbitrary<Map<String, GgufValue>> free =
        Arbitraries.maps(text().ofMinLength(1), value).ofMaxSize(12);
    Arbitrary<Integer> alignment = Arbitraries.of(0, 1, 8, 32, 64, 4096);
    return Combinators.combine(free, alignment)
        .as(
            (values, bytes) -> {
              if (bytes > 0) {
                values.put("general.alignment", GgufValue.u32(bytes));
              }
              return values;
            });
  }

  private static Arbitrary<GgufValue> one(GgufType type) {
    return switch (type) {
      case STRING -> text().map(GgufValue::string);
      case BOOL -> Arbitraries.of(true, false).map(GgufValue::bool);
      case F32 -> Arbitraries.floats().map(GgufValue::f32);
      case F64 -> Arbitraries.doubles().map(number -> new GgufValue(type, false, number));
      default -> integers(type).map(number -> GgufValue.integer(type, number));
    };
  }

  private static Arbitrary<GgufValue> many(GgufType type) {
    Arbitrary<Object> array =
        switch (type) {
          case STRING -> text().array(String[].class).ofMaxSize(9).map(a -> a);
          case BOOL -> Arbitraries.of(true, false).array(boolean[].class).ofMaxSize(9).map(a -> a);
          case F32 ->
              Arbitraries.floats()
                  .map(number -> (double) number)
                  .array(double[].class)
                  .ofMaxSize(9)
                  .map(a -> a);
          case F64 -> Arbitraries.doubles().array(double[].class).ofMaxSize(9).map(a -> a);
          default -> integers(type).array(long[].class).ofMaxSize(9).map(a -> a);
        };
    return array.map(elements -> new GgufValue(type, true, elements));
  }

  private static Arbitrary<Long> integers(GgufType type) {
    return Arbitraries.longs().between(type.minimum(), type.maximum());
  }

  private static StringArbitrary text() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars("._ \n\u0000é▁\uFFFD漢")
        .ofMaxLength(20);
  }

  @Provide
  Arbitrary<Map<String, Sample>> tensors() {
    Arbitrary<Sample> sample =
        Combinators.combine(
                Arbitraries.of(
                    Arrays.stream(TensorType.values()).filter(TensorType::isGguf).toList()),
                Arbitraries.longs().between(0, 5).array(long[].class).ofMaxSize(4),
                Arbitraries.longs())
            .as(
                (type, shape, seed) -> {
                  long[] whole = shape.clone();
                  if (whole.length > 0) {
                    whole[whole.length - 1] *= type.blockLength();
                  }
                  return new Sample(type, whole, seed);
                })
            .filter(drawn -> drawn.shape.length > 0 || drawn.type.blockLength() == 1);
    return Arbitraries.maps(text().ofMaxLength(15), sample).ofMaxSize(8);
  }
}
