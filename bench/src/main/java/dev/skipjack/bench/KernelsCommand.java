package dev.skipjack.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** {@code bench kernels}: JMH, with its own options. */
@Command(
    name = "kernels",
    header = "Run the JMH benchmarks; takes JMH's options (-h lists them).",
    description = {
      "",
      "Benchmarks run in forked JVMs with the options of this one.",
      "Example: bench kernels MatrixBenchmark.matrixVector -p type=Q4_0,Q8_0 -p provider=vector"
    })
final class KernelsCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", hidden = true)
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return ExitCode.OK;
  }
}
