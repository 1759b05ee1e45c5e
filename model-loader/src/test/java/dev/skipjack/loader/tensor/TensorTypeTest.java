package dev.skipjack.loader.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTypeTest {
  @ParameterizedTest
  @CsvSource({
    "0, F32, 1, 4",
    "1, F16, 1, 2",
    "2, Q4_0, 32, 18",
    "3, Q4_1, 32, 20",
    "6, Q5_0, 32, 22",
    "7, Q5_1, 32, 24",
    "8, Q8_0, 32, 34",
    "10, Q2_K, 256, 84",
    "11, Q3_K, 256, 110",
    "12, Q4_K, 256, 144",
    "13, Q5_K, 256, 176",
    "14, Q6_K, 256, 210",
    "20, IQ4_NL, 32, 18",
    "23, IQ4_XS, 256, 136",
    "24, I8, 1, 1",
    "25, I16, 1, 2",
    "26, I32, 1, 4",
    "27, I64, 1, 8",
    "28, F64, 1, 8",
    "30, BF16, 1, 2",
    "34, TQ1_0, 256, 54",
    "35, TQ2_0, 256, 66",
    "39, MXFP4, 32, 17",
    "40, NVFP4, 64, 36",
    "41, Q1_0, 128, 18",
    "42, Q2_0, 64, 18",
  })
  void isTheGgufTable(int id, TensorType type, int blockLength, int blockBytes) {
    assertThat(TensorType.byId(id)).contains(type);
    assertThat(type.id()).isEqualTo(id);
    assertThat(type.blockLength()).isEqualTo(blockLength);
    assertThat(type.blockBytes()).isEqualTo(blockBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, 5, 9, 15, 16, 29, 31, 32, 33, 36, 37, 38, 43, Integer.MAX_VALUE})
  void findsNothingUnderOtherIds(int id) {
    assertThat(TensorType.byId(id)).isEmpty();
  }

  @Test
  void onlyTheEightBitFloatsAreUnknownToGguf() {
    EnumSet<TensorType> others = EnumSet.allOf(TensorType.class);
    others.removeIf(TensorType::isGguf);

    assertThat(others).containsExactly(TensorType.F8_E4M3, TensorType.F8_E5M2);
    assertThat(others).extracting(TensorType::id).containsOnly(-1);
  }

  @Test
  void integersAreNotFloats() {
    EnumSet<TensorType> floats = EnumSet.allOf(TensorType.class);
    floats.removeIf(type -> !type.isFloat());

    assertThat(floats)
        .containsExactly(
            TensorType.F32,
            TensorType.F16,
            TensorType.F64,
            TensorType.BF16,
            TensorType.F8_E4M3,
            TensorType.F8_E5M2);
  }

  @Test
  void sizesAreWholeBlocksAndDoNotOverflow() {
    assertThat(TensorType.Q6_K.byteSize(512)).isEqualTo(420);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TensorType.Q6_K.byteSize(255))
        .withMessage("Q6_K holds blocks of 256 values, not 255 values");
    assertThatIllegalArgumentException().isThrownBy(() -> TensorType.Q8_0.byteSize(-32));
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> TensorType.F32.byteSize(Long.MAX_VALUE));
  }
}
