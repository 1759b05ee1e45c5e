package dev.skipjack.loader.gguf;

import static dev.skipjack.loader.gguf.CraftedGguf.ARRAY;
import static dev.skipjack.loader.gguf.CraftedGguf.BOOL;
import static dev.skipjack.loader.gguf.CraftedGguf.I32;
import static dev.skipjack.loader.gguf.CraftedGguf.STRING;
import static dev.skipjack.loader.gguf.CraftedGguf.U32;
import static dev.skipjack.loader.gguf.CraftedGguf.U64;
import static dev.skipjack.loader.gguf.CraftedGguf.U8;
import static dev.skipjack.loader.gguf.CraftedGguf.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import dev.skipjack.loader.container.ModelFormatException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way a GGUF file is known to have been bent. The names in capitals up to the first comma are
 * those of ggml's own test of its reader, where it has the case.
 */
class MalformedGgufTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Exceptions, messages and the parsed part of a file of a few hundred bytes. */
  private static final long SMALL = 256 << 10;

  private static final long TWO_61 = 1L << 61;

  @TempDir Path directory;

  /**
   * @param fragments what the message has to contain
   */
  private record Case(String name, byte[] file, String... fragments) {
    Case(String name, CraftedGguf file, String... fragments) {
      this(name, file.build(), fragments);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource({"headers", "keys", "values", "tensorEntries", "shapes", "offsets"})
  void isRefusedWithFileByteAndBothNumbers(Case malformed) throws Exception {
    Path file = directory.resolve("model.gguf");
    Files.write(file, malformed.file);

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufFile.open(file))
        .withMessageStartingWith(file + ": ")
        .satisfies(e -> assertThat(e.getMessage()).contains(malformed.fragments))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @ParameterizedTest
  @MethodSource({"headers", "keys", "values", "tensorEntries", "shapes", "offsets"})
  void isRefusedWithoutAllocatingForItsClaims(Case malformed) throws Exception {
    Path file = directory.resolve("model.gguf");
    Files.write(file, malformed.file);
    ThrowingCallable open = () -> GgufFile.open(file);
    assertThatExceptionOfType(ModelFormatException.class).isThrownBy(open);

    long before = THREADS.getCurrentThreadAllocatedBytes();
    Throwable refusal = catchThrowable(open);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat(refusal).isInstanceOf(ModelFormatException.class);
    assertThat(allocated).isLessThan(malformed.file.length + SMALL);
  }

  static Stream<Case> headers() {
    byte[] valid = valid().build();
    return Stream.of(
        new Case("empty file", new byte[0], "is empty"),
        new Case("two bytes", "GG".getBytes(UTF_8), "byte 0", "47 47,", "47 47 55 46"),
        new Case("HEADER_BAD_MAGIC", valid().magic("GGUX"), "byte 0: magic", "47 47 55 58"),
        new Case("old ggml file", valid().magic("tjgg"), "byte 0", "old ggml file"),
        new Case("zip archive", valid().magic("PK\u0003\u0004"), "byte 0", "PyTorch"),
        new Case(
            "Git LFS pointer",
            "version https://git-lfs.github.com/spec/v1\n".getBytes(UTF_8),
            "byte 0",
            "Git LFS"),
        new Case("web page", "<!DOCTYPE html><html>".getBytes(UTF_8), "byte 0", "web page"),
        new Case("HEADER_BAD_VERSION_0", valid().version(0), "byte 4", "found 0", "2 or 3"),
        new Case("HEADER_BAD_VERSION_1", valid().version(1), "byte 4", "found 1", "2 or 3"),
        new Case("HEADER_BAD_VERSION_FUTURE", valid().version(4), "found 4", "2 or 3"),
        new Case("version -1", valid().version(-1), "found 4294967295", "2 or 3"),
        new Case("big-endian", valid().version(3 << 24), "3 in big-endian", "little-endian"),
        new Case("cut in version", Arrays.copyOf(valid, 6), "byte 4", "2 bytes", "at least 4"),
        new Case("cut in tensor count", Arrays.copyOf(valid, 9), "byte 8", "1 bytes", "least 8"),
        new Case("cut in key count", Arrays.copyOf(lie(0, 1), 20), "byte 16", "4 bytes", "least 8"),
        new Case("HEADER_BAD_N_TENSORS", lie(-1, 0), "byte 8", "18446744073709551615", "at most"),
        new Case("tensor count wraps", lie(TWO_61, 0), "byte 8", "2305843009213693952", "at most"),
        new Case("HEADER_BAD_N_KV", lie(0, -1), "byte 16", "18446744073709551615", "at most"),
        new Case("key count wraps", lie(0, TWO_61), "byte 16", "2305843009213693952", "at most"),
        new Case("one tensor too many", valid().moreTensors(1), "tensor 4 of 4: name"),
        new Case("one key too many", lie(0, 1), "found 1, expected at most 0 in the 0 bytes"));
  }

  /** A header that claims tensors and keys, and nothing after it. */
  private static byte[] lie(long tensors, long keys) {
    return new RawBytes().raw("GGUF".getBytes(UTF_8)).u32(3).u64(tensors).u64(keys).toArray();
  }

  static Stream<Case> keys() {
    return Stream.of(
        new Case(
            "KV_BAD_KEY_SIZE, length + 1 wraps to 0",
            crafted().key(raw -> raw.u64(-1).u32(U8).u8(0).u64(0)),
            "byte 24: key 1 of 1: name length",
            "found 18446744073709551615",
            "at most 32"),
        new Case(
            "KV_BAD_KEY_SIZE, one byte too long",
            crafted().key(raw -> raw.u64(15).raw(new byte[14])).padding(1),
            "found 15",
            "at most 14"),
        new Case(
            "key of 64 KiB",
            crafted().key(raw -> raw.string("k".repeat(65536)).u32(U8).u8(0)),
            "byte 24",
            "found 65536",
            "at most 65535"),
        new Case("KV_EMPTY_KEY", crafted().u32("", 1), "byte 24", "empty", "at least 1 byte"),
        new Case(
            "KV_DUPLICATE_KEY",
            crafted().u32("twice", 1).u32("once", 1).u32("twice", 1),
            "byte 65: key twice",
            "second time"),
        new Case(
            "key that is not UTF-8",
            crafted().key(raw -> raw.string(new byte[] {'k', (byte) 0xff}).u32(U8).u8(0)),
            "byte 33",
            "0xff",
            "UTF-8"),
        new Case(
            "name that would steer the terminal",
            crafted().key("k\n\u001b[2J" + "x".repeat(200), 13, raw -> raw),
            "key k??[2Jxxx",
            "xxx...: value type: found 13"),
        new Case("KV_BAD_TYPE", crafted().key("k", 13, raw -> raw.u64(0)), "key k", "found 13"),
        new Case("value type -1", crafted().key("k", -1, raw -> raw.u64(0)), "found 4294967295"),
        new Case(
            "KV_BAD_ALIGN, zero", alignment(0), "general.alignment", "found U32 0", "power of"),
        new Case(
            "KV_BAD_ALIGN, 13", alignment(13), "general.alignment", "found U32 13", "power of"),
        new Case("KV_BAD_ALIGN, 2^31", alignment(1L << 31), "found U32 2147483648", "1073741824"),
        new Case("alignment beyond the file", alignment(1 << 30), "tensor t", "1073741824 to"),
        new Case(
            "KV_WRONG_TYPE_ALIGN",
            crafted().key("general.alignment", I32, raw -> raw.u32(32)),
            "general.alignment",
            "found I32 32",
            "U32"),
        new Case("alignment as text", crafted().string("general.alignment", "32"), "found STRING"),
        new Case(
            "alignments as array",
            crafted().array("general.alignment", U32, 1, raw -> raw.u32(32)),
            "an array of U32"));
  }

  static Stream<Case> values() {
    return Stream.of(
        new Case(
            "string of 1 GiB in 160 bytes",
            crafted().key("k", STRING, raw -> raw.u64(1 << 30).raw(new byte[114])),
            "byte 37: key k: string length",
            "found 1073741824",
            "at most 115"),
        new Case("string length -1", crafted().key("k", STRING, raw -> raw.u64(-1)), "551615"),
        new Case(
            "array of 2^63 in 49 bytes",
            crafted().array("k", U8, Long.MIN_VALUE, raw -> raw).padding(1),
            "byte 41: key k: array length",
            "found 9223372036854775808",
            "at most 0 in the 0 bytes"),
        new Case(
            "array size wraps to 8 bytes",
            crafted().array("k", U64, TWO_61 + 1, raw -> raw.u64(0)),
            "found 2305843009213693953"),
        new Case(
            "array of 1 Gi strings",
            crafted().array("k", STRING, 1 << 30, raw -> raw.raw(new byte[200])),
            "found 1073741824",
            "at most 25"),
        new Case(
            "array of arrays",
            crafted().array("k", ARRAY, 1, raw -> raw.u32(U8).u64(1).u8(0)),
            "byte 37: key k: array type",
            "array of arrays"),
        new Case(
            "arrays a thousand deep",
            crafted().array("k", ARRAY, 1, MalformedGgufTest::thousandArrays),
            "array of arrays"),
        new Case(
            "array of type 13", crafted().array("k", 13, 1, raw -> raw), "array type: found 13"),
        new Case(
            "boolean 2",
            crafted().key("k", BOOL, raw -> raw.u8(2)),
            "byte 37: key k: boolean: found 2, expected 0 or 1"),
        new Case(
            "integer beyond a long",
            crafted().key("k", U64, raw -> raw.u64(-1)),
            "byte 37",
            "found 18446744073709551615",
            "at most 9223372036854775807"),
        new Case(
            "string that is not UTF-8",
            crafted().key("k", STRING, raw -> raw.string(new byte[] {'a', (byte) 0xc3, 'b'})),
            "byte 46: key k",
            "0xc3",
            "UTF-8"),
        new Case(
            "token cut inside a character",
            crafted()
                .array(
                    "tokenizer.ggml.tokens",
                    STRING,
                    2,
                    raw -> raw.string("a").string(new byte[] {(byte) 0xf0, (byte) 0x9f})),
            "key tokenizer.ggml.tokens",
            "0xf0",
            "UTF-8"),
        new Case(
            "cut in a value",
            crafted().key("k", U32, raw -> raw.u16(7)).padding(1),
            "byte 37: key k",
            "2 bytes",
            "at least 4"),
        new Case(
            "cut in the strings of an array",
            crafted().array("k", STRING, 2, raw -> raw.string("0123456789")).padding(1),
            "byte 67: key k: string: found 0 bytes, expected at least 8"));
  }

  private static RawBytes thousandArrays(RawBytes raw) {
    for (int i = 0; i < 1000; i++) {
      raw.u32(ARRAY).u64(1);
    }
    return raw;
  }

  static Stream<Case> tensorEntries() {
    return Stream.of(
        new Case(
            "TENSORS_BAD_NAME_SIZE",
            crafted().tensor("n".repeat(64), 0, 0, 4).zeros(16),
            "byte 24: tensor 1 of 1: name length: found 64, expected at most 63"),
        new Case(
            "name length wraps",
            crafted().tensor(raw -> raw.u64(Long.MIN_VALUE).raw(new byte[40])),
            "found 9223372036854775808"),
        new Case(
            "TENSORS_DUPLICATE_NAME",
            crafted().tensor("t", 0, 0, 4).tensor("t", 0, 32, 4).zeros(64),
            "byte 57: tensor t",
            "second time"),
        new Case(
            "TENSORS_BAD_N_DIMS",
            crafted().tensor("t", 0, 0, 1, 1, 1, 1, 1).zeros(32),
            "byte 33: tensor t: dimension count: found 5, expected at most 4"),
        new Case(
            "dimension count -1",
            crafted().tensor(raw -> raw.string("t").u32(-1).raw(new byte[64])),
            "found 4294967295"),
        new Case("TENSORS_BAD_TYPE", oneTensor(9999, 4), "the unknown id 9999", "F32, F16"),
        new Case("type -1", oneTensor(-1, 4), "tensor t: type", "the unknown id 4294967295"),
        new Case("removed type", oneTensor(4, 32), "Q4_2 (id 4", "quantise", "Q4_0"),
        new Case("BitNet's private type", oneTensor(36, 32), "I2_S (id 36", "BitNet", "Q4_0"),
        new Case("type never in files", oneTensor(15, 256), "byte 45", "Q8_K (id 15)", "Q8_0"),
        new Case(
            "cut in the tensor table",
            crafted().tensor(raw -> raw.string("t").u32(1).u64(4).u32(0).u32(0)).padding(1),
            "byte 49: tensor t: offset",
            "4 bytes",
            "at least 8"));
  }

  static Stream<Case> shapes() {
    return Stream.of(
        new Case("TENSORS_BAD_SHAPE", oneTensor(0, 4, -1), "18446744073709551615", "at most"),
        new Case(
            "TENSORS_NE_TOO_BIG",
            oneTensor(0, 1L << 31, 1L << 31, 4),
            "[4, 2147483648, 2147483648]",
            "9223372036854775807"),
        new Case(
            "second dimension of 2^42 + 1",
            oneTensor(0, 4, (1L << 42) + 1),
            "[4398046511105, 4]",
            "2147483647"),
        new Case(
            "TENSORS_NBYTES_TOO_BIG",
            oneTensor(0, (1L << 31) - 1, (1L << 30)),
            "2305843008139952128 blocks of 4 bytes",
            "bytes of the file"),
        new Case(
            "empty by one dimension, beyond measure by the others",
            oneTensor(0, 0, 1L << 62, 4),
            "[4, 4611686018427387904, 0]",
            "9223372036854775807"),
        new Case("empty with 2^31 rows", oneTensor(0, 0, 1L << 31), "2147483647 columns and rows"),
        new Case("row of a block and a half", oneTensor(8, 48, 2), "[2, 48]", "multiple of 32"),
        new Case("larger than the file", oneTensor(0, 1000), "1000 blocks of 4", "truncated"));
  }

  static Stream<Case> offsets() {
    return Stream.of(
        new Case(
            "TENSORS_BAD_OFFSET",
            crafted().tensor("t", 0, 0, 4).tensor("u", 0, 16, 4).zeros(64),
            "tensor u: offset: found 16, expected 32",
            "alignment 32"),
        new Case(
            "overlapping tensors",
            crafted().tensor("t", 0, 0, 16).tensor("u", 0, 32, 4).zeros(128),
            "found 32, expected 64"),
        new Case(
            "gap between tensors",
            crafted().tensor("t", 0, 0, 4).tensor("u", 0, 64, 4).zeros(128),
            "found 64, expected 32"),
        new Case(
            "offset + size wraps",
            crafted().tensor("t", 0, -16, 4).zeros(64),
            "found 18446744073709551600, expected 0"),
        new Case(
            "TENSORS_BAD_ALIGN", crafted().tensor("t", 0, 4, 4).zeros(64), "found 4, expected 0"),
        new Case(
            "TENSORS_INCONSISTENT_ALIGN",
            crafted()
                .u32("general.alignment", 64)
                .tensor("t", 0, 0, 4)
                .tensor("u", 0, 32, 4)
                .zeros(128),
            "found 32, expected 64",
            "alignment 64"),
        new Case(
            "DATA_NOT_ENOUGH_DATA",
            crafted().tensor("t", 0, 0, 16).zeros(63),
            "tensor t: data: found bytes 64 to 128",
            "the 127 bytes of the file",
            "truncated"),
        new Case(
            "no data at all",
            crafted().tensor("t", 0, 0, 4).padding(1),
            "found bytes 64 to 80",
            "the 57 bytes"),
        new Case(
            "MEM_SIZE_OVERFLOW, the sizes add up to more than the file",
            crafted()
                .tensor("t", 0, 0, 32)
                .tensor("u", 0, 128, 32)
                .tensor("v", 0, 256, 32)
                .zeros(128),
            "tensor v: data: found 128 bytes from offset 256",
            "bytes of the file"));
  }

  private static CraftedGguf crafted() {
    return new CraftedGguf();
  }

  private static CraftedGguf oneTensor(int type, long... ne) {
    return crafted().tensor("t", type, 0, ne).zeros(256);
  }

  private static CraftedGguf alignment(long bytes) {
    return crafted().u32("general.alignment", bytes).tensor("t", 0, 0, 4).zeros(64);
  }
}
