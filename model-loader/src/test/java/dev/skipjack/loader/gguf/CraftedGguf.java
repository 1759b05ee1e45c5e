package dev.skipjack.loader.gguf;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** A GGUF file put together field by field, each of which may contradict the others. */
final class CraftedGguf {
  static final int U8 = 0;
  static final int I8 = 1;
  static final int U16 = 2;
  static final int I16 = 3;
  static final int U32 = 4;
  static final int I32 = 5;
  static final int F32 = 6;
  static final int BOOL = 7;
  static final int STRING = 8;
  static final int ARRAY = 9;
  static final int U64 = 10;
  static final int I64 = 11;
  static final int F64 = 12;

  private String magic = "GGUF";
  private long version = 3;
  private long keyCountLie;
  private long tensorCountLie;
  private int keyCount;
  private int tensorCount;
  private int padding = 32;
  private final RawBytes keys = new RawBytes();
  private final RawBytes tensors = new RawBytes();
  private final RawBytes data = new RawBytes();

  CraftedGguf magic(String magic) {
    this.magic = magic;
    return this;
  }

  CraftedGguf version(long version) {
    this.version = version;
    return this;
  }

  /** Claims this many keys more than there are. */
  CraftedGguf moreKeys(long lie) {
    keyCountLie = lie;
    return this;
  }

  /** Claims this many tensors more than there are. */
  CraftedGguf moreTensors(long lie) {
    tensorCountLie = lie;
    return this;
  }

  CraftedGguf key(String name, int type, UnaryOperator<RawBytes> value) {
    return key(raw -> value.apply(raw.string(name).u32(type)));
  }

  CraftedGguf key(UnaryOperator<RawBytes> entry) {
    entry.apply(keys);
    keyCount++;
    return this;
  }

  CraftedGguf u32(String name, long value) {
    return key(name, U32, raw -> raw.u32(value));
  }

  CraftedGguf u16(String name, int value) {
    return key(name, U16, raw -> raw.u16(value));
  }

  CraftedGguf string(String name, String value) {
    return key(name, STRING, raw -> raw.string(value));
  }

  CraftedGguf array(String name, int type, long length, UnaryOperator<RawBytes> elements) {
    return key(name, ARRAY, raw -> elements.apply(raw.u32(type).u64(length)));
  }

  /**
   * @param ne dimensions as the file orders them, contiguous first
   */
  CraftedGguf tensor(String name, int type, long offset, long... ne) {
    return tensor(
        raw -> {
          raw.string(name).u32(ne.length);
          for (long dimension : ne) {
            raw.u64(dimension);
          }
          return raw.u32(type).u64(offset);
        });
  }

  CraftedGguf tensor(UnaryOperator<RawBytes> entry) {
    entry.apply(tensors);
    tensorCount++;
    return this;
  }

  /** Aligns the data section to this many bytes rather than 32. */
  CraftedGguf padding(int bytes) {
    padding = bytes;
    return this;
  }

  CraftedGguf data(byte... bytes) {
    data.raw(bytes);
    return this;
  }

  CraftedGguf zeros(int bytes) {
    return data(new byte[bytes]);
  }

  byte[] build() {
    return new RawBytes()
        .raw(magic.getBytes(StandardCharsets.ISO_8859_1))
        .u32(version)
        .u64(tensorCount + tensorCountLie)
        .u64(keyCount + keyCountLie)
        .raw(keys.toArray())
        .raw(tensors.toArray())
        .padTo(padding)
        .raw(data.toArray())
        .toArray();
  }

  /** A valid file with every value type, three tensor types and an alignment of its own. */
  static CraftedGguf valid() {
    return new CraftedGguf()
        .string("general.architecture", "llama")
        .u32("general.alignment", 64)
        .key("u8", U8, raw -> raw.u8(255))
        .key("i8", I8, raw -> raw.u8(-1))
        .u16("u16", 65535)
        .key("i16", I16, raw -> raw.u16(-2))
        .u32("u32", 0xffff_ffffL)
        .key("i32", I32, raw -> raw.u32(-3))
        .key("f32", F32, raw -> raw.f32(1e-5f))
        .key("bool", BOOL, raw -> raw.u8(1))
        .key("u64", U64, raw -> raw.u64(Long.MAX_VALUE))
        .key("i64", I64, raw -> raw.u64(Long.MIN_VALUE))
        .key("f64", F64, raw -> raw.f64(Math.PI))
        .array("strings", STRING, 3, raw -> raw.string("").string("héllo").string("\uFFFD🙂"))
        .array("i32s", I32, 2, raw -> raw.u32(-1).u32(7))
        .array("f32s", F32, 2, raw -> raw.f32(0.5f).f32(-2))
        .array("bools", BOOL, 3, raw -> raw.u8(1).u8(0).u8(1))
        .array("none", U8, 0, raw -> raw)
        .tensor("matrix", 0, 0, 3, 2)
        .tensor("half", 1, 64, 5)
        .tensor("blocks", 8, 128, 32, 2)
        .padding(64)
        .data(new RawBytes().f32(1).f32(2).f32(3).f32(4).f32(5).f32(6).padTo(64).toArray())
        .zeros(64)
        .zeros(68);
  }
}
