package dev.skipjack.loader.gguf;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damages files the way disks, networks and attackers do. */
final class GgufMutator {
  /** Numbers that sit on the edges of what counts, sizes and offsets may be. */
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    4,
    5,
    9,
    13,
    31,
    32,
    33,
    63,
    64,
    127,
    255,
    65535,
    1L << 30,
    (1L << 31) - 1,
    1L << 31,
    (1L << 32) - 1,
    1L << 32,
    (1L << 42) + 1,
    1L << 61,
    (1L << 61) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
  };

  private final RandomGenerator random;

  GgufMutator(RandomGenerator random) {
    this.random = random;
  }

  /** One to eight changes of any kind. */
  byte[] mutate(byte[] file) {
    byte[] mutated = file;
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      mutated = mutateOnce(mutated);
    }
    return mutated;
  }

  private byte[] mutateOnce(byte[] file) {
    if (file.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(file.length);
    int length = random.nextInt(1, Math.min(17, file.length - at + 1));
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(file, at);
      case 1 -> splice(file, at, at + length, new byte[0]);
      case 2 -> splice(file, at, at, randomBytes(length));
      case 3 -> splice(file, at, at, Arrays.copyOfRange(file, at, at + length));
      case 4, 5 -> overwrite(file, at, edge());
      case 6 -> overwrite(file, at, randomBytes(length));
      default -> overwrite(file, at, new byte[] {(byte) (file[at] ^ 1 << random.nextInt(8))});
    };
  }

  private byte[] edge() {
    byte[] number = new RawBytes().u64(EDGES[random.nextInt(EDGES.length)]).toArray();
    return Arrays.copyOf(number, random.nextBoolean() ? Long.BYTES : Integer.BYTES);
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] overwrite(byte[] file, int at, byte[] with) {
    byte[] copy = file.clone();
    System.arraycopy(with, 0, copy, at, Math.min(with.length, file.length - at));
    return copy;
  }

  private static byte[] splice(byte[] file, int from, int to, byte[] with) {
    return new RawBytes()
        .raw(Arrays.copyOf(file, from))
        .raw(with)
        .raw(Arrays.copyOfRange(file, to, file.length))
        .toArray();
  }
}
