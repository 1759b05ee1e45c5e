package dev.skipjack.loader.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;

/** What a tensor's file has where the tensor says it is. */
public final class PlacedBytes {
  private PlacedBytes() {}

  /** Whoever reads there finds the tensor, not its neighbour. */
  public static void assertAreThoseOf(Tensor tensor) {
    byte[] read = new byte[Math.toIntExact(tensor.byteSize())];
    tensor.place().orElseThrow().read(0, read);
    assertThat(read).isEqualTo(tensor.data().toArray(ValueLayout.JAVA_BYTE));
  }
}
