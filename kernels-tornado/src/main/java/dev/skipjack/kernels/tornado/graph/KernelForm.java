package dev.skipjack.kernels.tornado.graph;

/** How kernels divide their work. */
public enum KernelForm {
  /** One thread for each result: processors, whose threads each read memory in order. */
  LOOPS,
  /** One work-group for each result: GPUs, whose neighbouring threads read memory together. */
  WORK_GROUPS
}
