package dev.skipjack.inference.device;

/**
 * A device that could compute.
 *
 * @param id how to ask for it, for example {@code tornado:0:0}
 * @param name as its driver calls it
 * @param platform driver or library behind it
 * @param kind {@code CPU}, {@code GPU}, {@code FPGA} or whatever the platform says
 * @param memoryBytes all of its memory
 * @param largestArrayBytes the most that one array may take
 */
public record DeviceDescription(
    String id,
    String name,
    String platform,
    String kind,
    long memoryBytes,
    long largestArrayBytes) {}
