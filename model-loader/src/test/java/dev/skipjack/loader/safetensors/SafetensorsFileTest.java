package dev.skipjack.loader.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.PlacedBytes;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir Path directory;

  private SafetensorsFile open(byte[] content) {
    return SafetensorsFile.open(TestFiles.write(directory.resolve("x.safetensors"), content));
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void tensorsShareTheMapping() {
    ByteBuffer data = littleEndian(24).putFloat(1).putFloat(-2).putFloat(3).putFloat(0.5f);
    data.putShort((short) 0x3f80).putShort((short) 0xc000).putShort((short) 0).putShort((short) 1);
    try (SafetensorsFile file = open(TestFiles.file(TestFiles.VALID_HEADER, data.array()))) {
      assertThat(file.tensors().keySet()).containsExactly("a", "b");
      Tensor a = file.tensors().get("a");
      assertThat(a.type()).isEqualTo(TensorType.F32);
      assertThat(a.shape()).containsExactly(2, 2);
      assertThat(a.toFloats()).containsExactly(1, -2, 3, 0.5f);
      assertThat(a.data().isReadOnly()).isTrue();
      assertThat(a.data().isMapped()).isTrue();
      Tensor b = file.tensors().get("b");
      assertThat(b.type()).isEqualTo(TensorType.BF16);
      assertThat(b.toFloats()).startsWith(1, -2, 0);
      assertThat(file.fileOffset(b)).isEqualTo(8 + TestFiles.VALID_HEADER.length() + 16);
      assertThat(file.metadata().requireString("format")).isEqualTo("pt");
    }
  }

  @Test
  void tensorsKnowWhereTheirBytesAreInTheFile() {
    byte[] data = new byte[24];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i + 1);
    }
    try (SafetensorsFile file = open(TestFiles.file(TestFiles.VALID_HEADER, data))) {
      for (Tensor tensor : file.tensors().values()) {
        PlacedBytes.assertAreThoseOf(tensor);
      }
    }
  }

  /** What the file has there are other bytes than the tensor's. */
  @Test
  void convertedTensorsHaveNoPlace() {
    try (SafetensorsFile file = open(TestFiles.oneTensor("F64", "[3]", new byte[24]))) {
      assertThat(file.tensors().get("x").place()).isEmpty();
    }
  }

  @Test
  void closingInvalidatesTensors() {
    SafetensorsFile file = open(TestFiles.oneTensor("F32", "[1]", new byte[4]));
    Tensor tensor = file.tensors().get("x");
    file.close();
    assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doublesAreNarrowed() {
    byte[] data = littleEndian(24).putDouble(Math.PI).putDouble(-0.0).putDouble(1e300).array();
    try (SafetensorsFile file = open(TestFiles.oneTensor("F64", "[3]", data))) {
      Tensor tensor = file.tensors().get("x");
      assertThat(tensor.type()).isEqualTo(TensorType.F32);
      assertThat(tensor.toFloats())
          .containsExactly((float) Math.PI, -0.0f, Float.POSITIVE_INFINITY);
    }
  }

  @Test
  void eightBitFloatsDecodeAsTheirFormatsSay() {
    // zero, smallest subnormal, largest subnormal, smallest normal, one, largest, minus one
    byte[] e4m3 = {0, 1, 7, 8, 0x38, 0x7e, (byte) 0xb8, 0x7f};
    try (SafetensorsFile file = open(TestFiles.oneTensor("F8_E4M3", "[8]", e4m3))) {
      assertThat(file.tensors().get("x").type()).isEqualTo(TensorType.BF16);
      assertThat(file.tensors().get("x").toFloats())
          .containsExactly(0, 0x1p-9f, 0x7p-9f, 0x1p-6f, 1, 448, -1, Float.NaN);
    }
    byte[] e5m2 = {0, 1, 3, 4, 0x3c, 0x7b, (byte) 0xbc, 0x7c, 0x7e};
    try (SafetensorsFile file = open(TestFiles.oneTensor("F8_E5M2", "[9]", e5m2))) {
      assertThat(file.tensors().get("x").toFloats())
          .containsExactly(
              0, 0x1p-16f, 0x3p-16f, 0x1p-14f, 1, 57344, -1, Float.POSITIVE_INFINITY, Float.NaN);
    }
  }

  @Test
  void integersAreListedButNotLoaded() {
    try (SafetensorsFile file = open(TestFiles.oneTensor("I64", "[1, 2]", new byte[16]))) {
      assertThat(file.tensors()).isEmpty();
      assertThat(file.skipped())
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.name()).isEqualTo("x");
                assertThat(entry.type()).isEqualTo(SafetensorsType.I64);
                assertThat(entry.shape()).containsExactly(1L, 2L);
              });
    }
  }

  @Test
  void scalarsEmptyTensorsAndSpacesAreLegal() {
    String header =
        """
         {"scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
        "full":{"data_offsets":[4,8],"dtype":"F16","shape":[2],"extra":{"a":[1]}},\
        "empty":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]}}   \
        """;
    try (SafetensorsFile file = open(TestFiles.file(header, new byte[8]))) {
      assertThat(file.tensors().keySet()).containsExactly("scalar", "empty", "full");
      assertThat(file.tensors().get("scalar").toFloats()).containsExactly(0);
      assertThat(file.tensors().get("empty").toFloats()).isEmpty();
    }
  }

  @Test
  void aFileWithoutTensorsIsLegal() {
    try (SafetensorsFile file = open(TestFiles.file("{}"))) {
      assertThat(file.tensors()).isEmpty();
    }
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("absent")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("no such file");
  }
}
