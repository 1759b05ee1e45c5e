package dev.skipjack.bench.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Keeps every sample, one JSON object per line, with what one needs to know to judge it. */
final class SampleLog {
  private static final JsonMapper JSON = new JsonMapper();

  private final Optional<Path> file;

  /**
   * @param file appended to; empty keeps nothing
   */
  SampleLog(Optional<Path> file) {
    this.file = file;
  }

  /** Appends what one process measured. */
  void append(Workload workload, Contestant contestant, int run, TestSamples result)
      throws IOException {
    if (file.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < result.samples().size(); i++) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", Instant.now().toString());
      line.put("host", InetAddress.getLocalHost().getHostName());
      line.put("processors", Runtime.getRuntime().availableProcessors());
      line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      line.put("model", workload.model().getFileName().toString());
      line.put("bytes", Files.size(workload.model()));
      line.put("threads", workload.threads());
      line.put("runtime", contestant.label());
      line.put("command", String.join(" ", contestant.command()));
      line.put("run", run);
      line.put("test", result.test());
      line.put("sample", i);
      line.put("tokens_per_second", result.samples().get(i));
      lines.append(JSON.writeValueAsString(line)).append('\n');
    }
    Files.writeString(file.get(), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
