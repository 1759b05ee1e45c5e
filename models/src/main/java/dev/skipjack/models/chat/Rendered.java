package dev.skipjack.models.chat;

import dev.skipjack.models.jinja.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A rendered prompt; neighbouring segments differ in trust. */
public record Rendered(List<Segment> segments) {
  public Rendered {
    segments = List.copyOf(segments);
  }

  static Rendered of(Text text) {
    List<Segment> segments = new ArrayList<>();
    text.forEachRun((run, trusted) -> segments.add(new Segment(run, trusted)));
    return new Rendered(segments);
  }

  /** The prompt as plain text. */
  public String text() {
    return segments.stream().map(Segment::text).collect(Collectors.joining());
  }

  /** Whether the template itself, rather than a user, begins the prompt with this token. */
  public boolean startsWith(String token) {
    return !token.isEmpty()
        && !segments.isEmpty()
        && segments.getFirst().trusted()
        && segments.getFirst().text().startsWith(token);
  }
}
