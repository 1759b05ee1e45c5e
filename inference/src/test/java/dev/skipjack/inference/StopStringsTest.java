package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void holdsBackWhatMayBecomeAStopString() {
    StopStrings stops = new StopStrings(List.of("END"));
    assertThat(stops.append("the E")).isEqualTo("the ");
    assertThat(stops.append("N")).isEmpty();
    assertThat(stops.append("tity")).isEqualTo("ENtity");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void endsBeforeTheEarliestStopString() {
    StopStrings stops = new StopStrings(List.of("later", "stop"));
    assertThat(stops.append("go on, stop here, later")).isEqualTo("go on, ");
    assertThat(stops.found()).isTrue();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void withoutStopStringsNothingIsHeld() {
    assertThat(new StopStrings(List.of()).append("anything")).isEqualTo("anything");
  }

  @Property(tries = 500)
  void streamingEqualsSearchingTheWholeText(
      @ForAll @Size(max = 12)
          List<@StringLength(max = 4) @CharRange(from = 'a', to = 'c') String> pieces,
      @ForAll @StringLength(min = 1, max = 3) @CharRange(from = 'a', to = 'c') String stop) {
    StopStrings stops = new StopStrings(List.of(stop));
    StringBuilder streamed = new StringBuilder();
    StringBuilder whole = new StringBuilder();
    for (String piece : pieces) {
      if (!stops.found()) {
        whole.append(piece);
        streamed.append(stops.append(piece));
      }
    }
    streamed.append(stops.finish());
    int at = whole.indexOf(stop);
    assertThat(stops.found()).isEqualTo(at >= 0);
    assertThat(streamed.toString()).isEqualTo(at < 0 ? whole.toString() : whole.substring(0, at));
  }
}
