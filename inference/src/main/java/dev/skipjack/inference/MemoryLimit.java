package dev.skipjack.inference;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process may fill. */
final class MemoryLimit {
  /**
   * Where Linux shows the limits that a shell's {@code ulimit} sets; other systems have no such
   * file.
   */
  private static final Path LIMITS = Path.of("/proc/self/limits");

  /** {@code ulimit -d}, {@code -m} and {@code -v}, soft limits. */
  private static final Pattern MEMORY =
      Pattern.compile("Max (?:data size|resident set|address space) +(\\d{1,18}) .*");

  private MemoryLimit() {}

  /** Bytes: what the machine has, or the least that a control group or a {@code ulimit} allows. */
  static long bytes() {
    long machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.min(machine, smallest(limits()));
  }

  private static List<String> limits() {
    try {
      return Files.readAllLines(LIMITS);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The smallest limit of memory in the lines of {@code /proc/self/limits}. */
  static long smallest(List<String> lines) {
    return lines.stream()
        .map(MEMORY::matcher)
        .filter(Matcher::matches)
        .mapToLong(limit -> Long.parseLong(limit.group(1)))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
