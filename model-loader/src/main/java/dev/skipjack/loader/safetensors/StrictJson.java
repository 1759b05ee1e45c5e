package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON object from bytes that nobody vouches for: well-formed UTF-8 only, no duplicate
 * keys, bounded nesting, nothing but white space behind it.
 */
final class StrictJson {
  /** The deepest legal document is an array in an object in an object; the rest is leeway. */
  private static final int MAX_DEPTH = 16;

  private static final int MAX_NUMBER_DIGITS = 40;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_DIGITS)
                  .maxStringLength(Math.toIntExact(SafetensorsHeader.MAX_BYTES))
                  .maxNameLength(Math.toIntExact(SafetensorsHeader.MAX_BYTES))
                  .build())
          .build();

  private StrictJson() {}

  /**
   * Parses an object.
   *
   * @param source the file, for messages
   * @param offset of the first byte in the file, for messages
   * @param body reads the object; the parser stands on its opening brace and has to be left on its
   *     closing one
   * @throws ModelFormatException if the bytes are not one JSON object
   */
  static <T> T parseObject(
      String source, ByteBuffer bytes, long offset, Function<JsonParser, T> body) {
    CharBuffer text = decode(source, bytes, offset);
    try (JsonParser parser =
        FACTORY.createParser(
            ObjectReadContext.empty(), text.array(), text.arrayOffset(), text.remaining())) {
      require(source, parser, parser.nextToken() == JsonToken.START_OBJECT, "a JSON object");
      T value = body.apply(parser);
      require(source, parser, parser.nextToken() == null, "the end of the JSON text");
      return value;
    } catch (JacksonException e) {
      throw new ModelFormatException(
          "%s: %s: %s".formatted(source, where(e), firstLine(e.getOriginalMessage())), e);
    }
  }

  /** Fails with the parser's token and position unless {@code valid}. */
  static void require(String source, JsonParser parser, boolean valid, String expected) {
    if (!valid) {
      throw new ModelFormatException(
          source,
          "JSON character " + parser.currentTokenLocation().getCharOffset(),
          describe(parser),
          expected);
    }
  }

  private static CharBuffer decode(String source, ByteBuffer bytes, long offset) {
    // UTF-8 never decodes to more chars than it has bytes, so the result cannot overflow.
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    int start = bytes.position();
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true);
    if (result.isError()) {
      throw new ModelFormatException(
          source,
          "byte " + (offset + bytes.position() - start),
          "a malformed character",
          "JSON text in UTF-8");
    }
    return text.flip();
  }

  private static String describe(JsonParser parser) {
    return switch (parser.currentToken()) {
      case null -> "the end of the text";
      case START_OBJECT, END_OBJECT, START_ARRAY, END_ARRAY, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
          parser.currentToken().asString();
      default -> "\"" + abbreviate(parser.getString()) + "\"";
    };
  }

  private static String abbreviate(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private static String where(JacksonException e) {
    return e.getLocation() == null ? "JSON" : "JSON character " + e.getLocation().getCharOffset();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("not JSON");
  }
}
