/**
 * What a device other than the processor must offer to compute layers of a decoder. Implementations
 * are services; nothing of them is loaded before somebody asks for a device.
 */
package dev.skipjack.inference.device;
