import sys
import ml_dtypes
import numpy as np
from gguf import GGMLQuantizationType as T, quants

out = sys.argv[1]
rng = np.random.default_rng(7)

# decode: random NVFP4 blocks
blocks = rng.integers(0, 256, (32, 36), dtype=np.uint8)
blocks.tofile(f"{out}/decode/NVFP4.bin")
quants.dequantize(blocks, T.NVFP4).astype("<f4").tofile(f"{out}/decode/NVFP4.f32")
# decode: every code of the two 8-bit floats
codes = np.arange(256, dtype=np.uint8)
for name, dtype in (("F8_E4M3", ml_dtypes.float8_e4m3fn), ("F8_E5M2", ml_dtypes.float8_e5m2)):
    codes.tofile(f"{out}/decode/{name}.bin")
    codes.view(dtype).astype("<f4").tofile(f"{out}/decode/{name}.f32")

# decode: plain numbers with the ends of their ranges
for name, dtype in (("I8", "<i1"), ("I16", "<i2"), ("I32", "<i4"), ("I64", "<i8")):
    ends = np.iinfo(dtype)
    x = rng.integers(ends.min, ends.max, 62, dtype=dtype, endpoint=True)
    x = np.concatenate([x, [ends.min, ends.max]]).astype(dtype)
    x.tofile(f"{out}/decode/{name}.bin")
    x.astype("<f4").tofile(f"{out}/decode/{name}.f32")
for name, dtype in (("F32", "<f4"), ("F64", "<f8")):
    x = np.concatenate([rng.standard_normal(60), [0.0, -0.0, np.inf, 1e-42]]).astype(dtype)
    x.tofile(f"{out}/decode/{name}.bin")
    x.astype("<f4").tofile(f"{out}/decode/{name}.f32")

# encode: one block of 32 per row
normal = rng.standard_normal
rows = [
    np.zeros(32), np.full(32, 1.5), np.full(32, -0.3), np.full(32, 1e-30), np.full(32, 1e4),
    np.arange(32) - 16, np.arange(32) - 15.5, np.arange(-127, 129, 8), (np.arange(32) - 16) / 2 + 0.25,
    np.linspace(-1, 1, 32), np.linspace(3, 4, 32), np.linspace(-1e-6, 1e-6, 32),
    np.eye(32)[5], -np.eye(32)[31], np.where(np.arange(32) % 2, 1.0, -1.0), np.where(np.arange(32) % 2, -1.0, 1.0),
]
rows += [normal(32) * s for s in np.geomspace(1e-5, 1e4, 60)]
rows += [normal(32) ** 3 for _ in range(20)]
rows += [np.abs(normal(32)) + 2 for _ in range(16)]
rows += [np.round(normal(32) * 20) / 2 for _ in range(16)]
x = np.array(rows, dtype="<f4")
x.tofile(f"{out}/encode/input.f32")
for t in (T.Q8_0, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.BF16, T.F16):
    quants.quantize(x, t).tofile(f"{out}/encode/{t.name}.bin")
