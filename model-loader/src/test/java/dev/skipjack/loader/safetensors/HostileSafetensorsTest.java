package dev.skipjack.loader.safetensors;

import static dev.skipjack.loader.safetensors.TestFiles.file;
import static dev.skipjack.loader.safetensors.TestFiles.oneTensor;
import static dev.skipjack.loader.safetensors.TestFiles.withLength;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.skipjack.loader.container.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the format, broken one at a time. */
class HostileSafetensorsTest {
  /** What a refusal may allocate beside a small multiple of the file: parser and messages. */
  private static final long CONSTANT_BYTES = 1 << 20;

  private static final byte[] NONE = {};

  @TempDir Path directory;

  static Stream<Arguments> files() {
    return Stream.of(lengths(), json(), tables(), types(), shapes(), offsets())
        .flatMap(cases -> cases);
  }

  private static Stream<Arguments> lengths() {
    byte[] valid = file(TestFiles.VALID_HEADER, new byte[24]);
    return Stream.of(
        arguments("empty file", NONE, "the file is empty"),
        arguments("half a length", new byte[7], "7 bytes, expected at least 8"),
        arguments("length 0", new byte[8], "a JSON object"),
        arguments("length 2^64 - 1", withLength(-1, NONE), "18446744073709551615"),
        arguments("length 2^63", withLength(Long.MIN_VALUE, NONE), "9223372036854775808"),
        arguments("length that wraps with its own field", withLength(-8, NONE), "at most 1000000"),
        arguments("length over the limit", withLength(100_000_001, NONE), "100000001"),
        arguments("length at the limit", withLength(100_000_000, NONE), "at most 0, the rest"),
        arguments("length one too long", withLength(3, "{}".getBytes()), "at most 2, the rest"),
        arguments("header cut", Arrays.copyOf(valid, 40), "at most 32, the rest"),
        arguments("data cut", Arrays.copyOf(valid, valid.length - 1), "found 23 bytes"),
        arguments("data too long", Arrays.copyOf(valid, valid.length + 1), "found 25 bytes"));
  }

  private static Stream<Arguments> json() {
    byte[] surrogate = {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'};
    byte[] overlong = {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'};
    String deepest = "[".repeat(100_000);
    return Stream.of(
        arguments("not JSON", file("hello"), "JSON character"),
        arguments("array", file("[]"), "found [, expected a JSON object"),
        arguments("number", file("17"), "expected a JSON object"),
        arguments("unterminated", file("{\"a\":{"), "JSON character"),
        arguments("only spaces", file("    "), "the end of the text"),
        arguments("two objects", file("{}{}"), "the end of the JSON text"),
        arguments("NUL padding", file("{}\0\0"), "JSON character"),
        arguments("UTF-16", file("{}".getBytes(StandardCharsets.UTF_16LE)), "JSON character"),
        arguments("overlong UTF-8", file(overlong), "byte 10: found a malformed character"),
        arguments("UTF-8 surrogate", file(surrogate), "byte 10: found a malformed character"),
        arguments("cut UTF-8", file(new byte[] {'{', (byte) 0xe2}), "byte 9"),
        arguments("deep nesting", file("{\"a\":{\"b\":" + deepest), "nesting depth"),
        arguments("long number", file(shape("[" + "9".repeat(5000) + "]")), "length (5000)"),
        arguments("comment", file("{}//"), "JSON character"));
  }

  private static Stream<Arguments> tables() {
    String tensor = "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}";
    return Stream.of(
        arguments(
            "duplicate tensor",
            file("{\"a\":%s,\"a\":%s}".formatted(tensor, tensor), new byte[4]),
            "uplicate"),
        arguments(
            "duplicate field", file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"), "uplicate"),
        arguments("duplicate metadata", metadata("{\"k\":\"1\",\"k\":\"2\"}"), "uplicate"),
        arguments("metadata number", metadata("{\"k\":1}"), "a string in __metadata__"),
        arguments("metadata object", metadata("{\"k\":{}}"), "a string in __metadata__"),
        arguments("metadata array", metadata("[]"), "an object in __metadata__"),
        arguments("tensor is a string", file("{\"a\":\"F32\"}"), "describes a tensor"),
        arguments("tensor is null", file("{\"a\":null}"), "describes a tensor"),
        arguments("tensor is empty", file("{\"a\":{}}"), "no data_offsets"),
        arguments("no dtype", file("{\"a\":{\"shape\":[],\"data_offsets\":[0,0]}}"), "no dtype"),
        arguments(
            "no shape", file("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,0]}}"), "no shape"));
  }

  private static Stream<Arguments> types() {
    return Stream.of(
        arguments("unknown dtype", oneTensor("F128", "[1]", new byte[16]), "dtype F128"),
        arguments("lower case dtype", oneTensor("f32", "[1]", new byte[4]), "dtype f32"),
        arguments(
            "dtype is a number",
            file("{\"a\":{\"dtype\":1,\"shape\":[],\"data_offsets\":[0,4]}}", new byte[4]),
            "a dtype string"),
        arguments("half a byte", oneTensor("F4", "[3]", new byte[2]), "12 bits for F4"));
  }

  private static Stream<Arguments> shapes() {
    return Stream.of(
        arguments("negative dimension", file(shape("[-1]")), "found -1"),
        arguments("fractional dimension", file(shape("[1.5]")), "\"1.5\", expected an integer"),
        arguments("text dimension", file(shape("[\"1\"]")), "expected an integer"),
        arguments("nested dimension", file(shape("[[1]]")), "expected an integer"),
        arguments("scalar shape", file(shape("1")), "an array of integers"),
        arguments("dimension 2^63", file(shape("[9223372036854775808]")), "JSON character"),
        arguments("product 2^64", file(shape("[4294967296,4294967296]")), "exceeds 2^63 bits"),
        arguments("bits wrap", file(shape("[576460752303423488]")), "exceeds 2^63 bits"),
        arguments("product wraps to 0", file(shape("[1099511627776,16777216]")), "exceeds 2^63"),
        arguments("huge but empty", file(shape("[0,4398046511105]")), "dimension 4398046511105"),
        arguments("logical exabytes", file(shape("[4398046511105]")), "found 0 bytes"),
        arguments("size off by one", oneTensor("F32", "[2]", new byte[7]), "found 7 bytes"));
  }

  private static Stream<Arguments> offsets() {
    return Stream.of(
        arguments("reversed", offsets("[4,0]"), "data_offsets [4, 0]"),
        arguments("negative", offsets("[-4,0]"), "found -4"),
        arguments("one offset", offsets("[4]"), "1 data_offsets"),
        arguments("three offsets", offsets("[0,2,4]"), "3 data_offsets"),
        arguments("first not at 0", offsets("[4,8]"), "data at byte 4, expected byte 0"),
        arguments(
            "beyond the file", offsets("[9223372036854775803,9223372036854775807]"), "byte 0"),
        arguments("overlap", twoTensors(0, 4, 2, 6), "data at byte 2, expected byte 4"),
        arguments("same bytes", twoTensors(0, 4, 0, 4), "data at byte 0, expected byte 4"),
        arguments("hole", twoTensors(0, 4, 5, 9), "data at byte 5, expected byte 4"),
        arguments("trailing bytes", twoTensors(0, 4, 4, 8), "found 16 bytes, expected 8 bytes"));
  }

  private static byte[] metadata(String value) {
    return file("{\"__metadata__\":" + value + "}");
  }

  private static String shape(String shape) {
    return "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,0],\"shape\":" + shape + "}}";
  }

  private static byte[] offsets(String offsets) {
    return file(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + offsets + "}}", new byte[8]);
  }

  private static byte[] twoTensors(int begin, int end, int secondBegin, int secondEnd) {
    String header =
        """
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]},\
        "b":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}}\
        """
            .formatted(begin, end, secondBegin, secondEnd);
    return file(header, new byte[16]);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void isRefusedWithBothNumbers(String name, byte[] content, String message)
      throws ReflectiveOperationException {
    Path path = TestFiles.write(directory.resolve("x.safetensors"), content);
    AllocationMeter meter = new AllocationMeter();
    long before = meter.bytes();
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(600));
    assertThat(meter.bytes() - before).isLessThan(CONSTANT_BYTES + 16L * content.length);
  }
}
