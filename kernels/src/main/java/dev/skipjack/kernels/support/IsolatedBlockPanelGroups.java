package dev.skipjack.kernels.support;

import dev.skipjack.kernels.isolation.Boundary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link IsolatedRowGroups} of a layout that decodes to integers, too. */
public final class IsolatedBlockPanelGroups extends IsolatedRowGroups implements BlockPanelGroups {
  private final BlockPanelGroups kernels;
  private final MethodHandle decode = Boundary.to(BlockPanelGroups.class, "decode");

  public IsolatedBlockPanelGroups(BlockPanelGroups kernels) {
    super(kernels);
    this.kernels = kernels;
  }

  @Override
  public void decode(
      MemorySegment packed,
      long at,
      long groupBytes,
      int groups,
      int units,
      float factor,
      BlockPanel panel) {
    try {
      decode.invokeExact(kernels, packed, at, groupBytes, groups, units, factor, panel);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
