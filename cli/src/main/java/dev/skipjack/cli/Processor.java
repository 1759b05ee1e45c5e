package dev.skipjack.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The processor, as far as the system tells.
 *
 * @param features instruction sets that kernels profit from; empty where the system does not tell
 */
record Processor(String name, String architecture, List<String> features) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** Linux's names, in the order in which they are printed. */
  private static final List<String> KNOWN =
      List.of(
          "sse4_2",
          "avx",
          "avx2",
          "fma",
          "f16c",
          "avx_vnni",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_int8",
          "amx_bf16",
          "asimd",
          "asimddp",
          "asimdhp",
          "i8mm",
          "bf16",
          "sve",
          "sve2",
          "rvv");

  static Processor ofMachine() {
    String architecture = System.getProperty("os.arch");
    try {
      return Files.isReadable(LINUX)
          ? parse(Files.readAllLines(LINUX), architecture)
          : new Processor(architecture, architecture, List.of());
    } catch (IOException e) {
      // A sandbox that hides the file: the listing is for information and goes on without.
      return new Processor(architecture, architecture, List.of());
    }
  }

  /** Reads the form of Linux. */
  static Processor parse(List<String> lines, String architecture) {
    Set<String> flags = new HashSet<>();
    value(lines, "flags")
        .or(() -> value(lines, "Features"))
        .ifPresent(text -> flags.addAll(Arrays.asList(text.split(" "))));
    return new Processor(
        value(lines, "model name").orElse(architecture),
        architecture,
        KNOWN.stream().filter(flags::contains).toList());
  }

  private static Optional<String> value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .filter(line -> line.substring(key.length()).stripLeading().startsWith(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }
}
