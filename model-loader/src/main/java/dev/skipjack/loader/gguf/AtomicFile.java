package dev.skipjack.loader.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name only when it is complete. Until {@link #commit} the bytes are
 * in a temporary file in the same directory; closing without a commit deletes it.
 */
final class AtomicFile implements AutoCloseable {
  /** Bounds the copy that a channel makes of bytes on the heap. */
  private static final long PIECE_BYTES = 4 << 20;

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;

  AtomicFile(Path target) throws IOException {
    this.target = target.toAbsolutePath();
    this.temporary =
        this.target.resolveSibling(
            "%s.%s.partial".formatted(target.getFileName(), UUID.randomUUID()));
    this.channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    // Ctrl-C ends the process without unwinding the thread that writes.
    temporary.toFile().deleteOnExit();
  }

  long position() throws IOException {
    return channel.position();
  }

  void write(MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += PIECE_BYTES) {
      long length = Math.min(PIECE_BYTES, bytes.byteSize() - at);
      ByteBuffer piece = bytes.asSlice(at, length).asByteBuffer();
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
  }

  /** Appends zeros up to the next multiple of {@code alignment}. */
  void padTo(int alignment) throws IOException {
    int zeros = Math.floorMod(-position(), alignment);
    if (zeros > 0) {
      // The bytes a write skips read as zero; that spares a buffer of any alignment's size.
      channel.position(position() + zeros - 1);
      write(MemorySegment.ofArray(new byte[1]));
    }
  }

  /** Makes the file durable and puts it in its place. */
  void commit() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
