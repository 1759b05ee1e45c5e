package dev.skipjack.cli;

import dev.skipjack.inference.device.DeviceBackend;
import dev.skipjack.inference.device.DeviceDescription;
import dev.skipjack.inference.device.DeviceException;
import dev.skipjack.inference.device.Devices;
import dev.skipjack.inference.measure.Compute;
import dev.skipjack.inference.measure.StreamingBandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skipjack devices}: what this machine can compute with. */
@Command(
    name = "devices",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "List what can compute: the processor and TornadoVM's devices.",
    description = {
      "",
      "Says what the processor offers and how fast it reads memory, which bounds generation; then"
          + " the devices that --device takes, or what is missing for any and how to get it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack devices",
      "  skipjack devices --no-bandwidth --json",
      "  TORNADOVM_HOME=/opt/tornadovm skipjack devices"
    })
final class DevicesCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--no-bandwidth",
      description = "Do not measure the streaming bandwidth, which takes a second and 1 GiB.")
  private boolean silent;

  @Mixin private OutputOptions output;

  DevicesCommand(Streams streams) {
    this.streams = streams;
  }

  /**
   * The devices of one back end, or why there are none.
   *
   * @param missing empty if the back end started
   */
  private record Listing(
      String backend, List<DeviceDescription> devices, Optional<String> missing) {
    static Listing of(DeviceBackend backend) {
      try {
        return new Listing(backend.name(), backend.devices(), Optional.empty());
      } catch (DeviceException e) {
        return new Listing(backend.name(), List.of(), Optional.of(e.getMessage()));
      }
    }
  }

  @Override
  public Integer call() {
    Processor processor = Processor.ofMachine();
    Compute compute = Compute.ofProcess();
    Optional<StreamingBandwidth> bandwidth =
        silent ? Optional.empty() : Optional.of(StreamingBandwidth.measure(compute.threads()));
    List<Listing> listings = new ArrayList<>();
    Devices.backends().forEach(backend -> listings.add(Listing.of(backend)));
    Results results = new Results(streams.out());
    if (output.json()) {
      results.json(json -> write(json, processor, compute, bandwidth, listings));
    } else {
      print(results, processor, compute, bandwidth, listings);
    }
    return ExitCode.OK;
  }

  private static void write(
      Json json,
      Processor processor,
      Compute compute,
      Optional<StreamingBandwidth> bandwidth,
      List<Listing> listings) {
    json.object(
        "cpu",
        cpu -> {
          cpu.field("name", processor.name())
              .field("architecture", processor.architecture())
              .strings("features", processor.features())
              .field("provider", compute.provider())
              .field("vector_bits", compute.vectorBits())
              .field("threads", compute.threads());
          bandwidth.ifPresent(stream -> cpu.field("stream_gbps", stream.gigabytesPerSecond()));
        });
    json.objects(
        "backends",
        listings,
        (j, listing) -> {
          j.field("name", listing.backend);
          j.objects("devices", listing.devices, DevicesCommand::write);
          listing.missing.ifPresent(why -> j.field("missing", why));
        });
  }

  private static void write(Json json, DeviceDescription device) {
    json.field("id", device.id())
        .field("name", device.name())
        .field("platform", device.platform())
        .field("kind", device.kind())
        .field("memory_bytes", device.memoryBytes())
        .field("largest_array_bytes", device.largestArrayBytes());
  }

  private static void print(
      Results results,
      Processor processor,
      Compute compute,
      Optional<StreamingBandwidth> bandwidth,
      List<Listing> listings) {
    results.printf("cpu          %s (%s)", processor.name(), processor.architecture());
    if (!processor.features().isEmpty()) {
      results.printf("features     %s", String.join(" ", processor.features()));
    }
    results.printf(
        "kernels      %s, %d-bit, %d threads",
        compute.provider(), compute.vectorBits(), compute.threads());
    bandwidth.ifPresent(
        stream -> results.printf("bandwidth    %.1f GB/s streaming", stream.gigabytesPerSecond()));
    for (Listing listing : listings) {
      listing.devices.forEach(
          device ->
              results.printf(
                  "%-12s %s, %s, %s, %s, arrays up to %s",
                  device.id(),
                  device.name(),
                  device.platform(),
                  device.kind(),
                  Text.bytes(device.memoryBytes()),
                  Text.bytes(device.largestArrayBytes())));
      listing.missing.ifPresent(
          why -> results.printf("%-12s no devices: %s", listing.backend, why));
    }
    results.flush();
  }
}
