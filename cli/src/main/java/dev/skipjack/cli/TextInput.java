package dev.skipjack.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads UTF-8 text and refuses anything else, since a silent U+FFFD would change the prompt. */
final class TextInput {
  private TextInput() {}

  static String file(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new CommandFailure("" + path, "a directory, expected a text file");
    }
    return decode("" + path, Files.readAllBytes(path));
  }

  static String stream(String name, InputStream in) throws IOException {
    return decode(name, in.readAllBytes());
  }

  private static String decode(String name, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new CommandFailure(name, "not UTF-8 text, see byte " + in.position());
    }
    return out.flip().toString();
  }
}
