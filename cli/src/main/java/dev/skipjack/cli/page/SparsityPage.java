package dev.skipjack.cli.page;

import dev.skipjack.inference.measure.sparsity.HotNeurons;
import dev.skipjack.inference.measure.sparsity.LayerProfile;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A page that shows how sparse a model is: plots and the numbers behind them, in one file that asks
 * for nothing else. It follows the reader's choice of a light or dark display.
 */
public final class SparsityPage {
  private static final String STYLE = "page.css";
  private static final double HOT = 0.2;

  private final SparsityProfile profile;
  private final String text;
  private final List<ModeComparison.Result> modes;
  private final Markup out = new Markup();

  private SparsityPage(SparsityProfile profile, String text, List<ModeComparison.Result> modes) {
    this.profile = profile;
    this.text = text;
    this.modes = List.copyOf(modes);
  }

  /**
   * @param text name of the text
   * @param modes those that were compared, may be none
   */
  public static SparsityPage of(
      SparsityProfile profile, String text, List<ModeComparison.Result> modes) {
    return new SparsityPage(profile, text, modes);
  }

  /** The whole page. */
  public String html() {
    out.open("html", "lang", "en").line();
    head();
    out.open("body").open("main").line();
    header();
    tiles();
    plots();
    if (!modes.isEmpty()) {
      new ModeSection(modes).write(out);
    }
    new LayerTable(profile).write(out);
    if (!profile.mixture()) {
      new CurveTables(profile).write(out);
    }
    out.element(
        "footer",
        "Written by skipjack sparsity. An activation is what the down projection reads of a neuron"
            + " for a token; densities are fractions of all neurons, mean over tokens.");
    out.close().close().line().close().line();
    return "<!DOCTYPE html>\n" + out;
  }

  private void head() {
    out.open("head").line();
    out.empty("meta", "charset", "utf-8").line();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    out.empty("meta", "name", "color-scheme", "content", "light dark").line();
    out.element("title", "Sparsity of " + profile.source()).line();
    out.open("style").literal(style()).close().close().line();
  }

  private static String style() {
    try (InputStream in = SparsityPage.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + STYLE + " is missing from this build");
      }
      return "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void header() {
    out.open("header").line();
    out.element("p", "Sparsity report", "class", "over");
    out.element("h1", profile.source());
    out.element(
        "p",
        "%s feed-forward networks, %d layers of %s neurons; measured on %s, %d windows of %d tokens"
            .formatted(
                profile.activation(),
                profile.layers().size(),
                neurons(),
                text,
                profile.windows(),
                profile.options().context()),
        "class",
        "lead");
    out.close().line();
  }

  private String neurons() {
    List<Integer> counts =
        profile.layers().stream().map(LayerProfile::neurons).distinct().sorted().toList();
    return counts.size() == 1
        ? Numbers.count(counts.getFirst())
        : "%s to %s".formatted(Numbers.count(counts.getFirst()), Numbers.count(counts.getLast()));
  }

  private void tiles() {
    out.open("ul", "class", "tiles").line();
    tile(Numbers.percent(profile.zeroRate()), "of the activations are exactly zero");
    if (!profile.mixture()) {
      tile(
          Numbers.percent(profile.mean(network -> network.cett().density())),
          "of the neurons give each layer's output up to %s (CETT)"
              .formatted(Numbers.percentShort(profile.options().cett())));
      profile
          .loss()
          .ifPresent(
              loss ->
                  tile(
                      Numbers.percent(loss.density()),
                      "of the neurons for a perplexity at most %s %% higher (PPL-%s%%)"
                          .formatted(
                              Numbers.plain(loss.percent()), Numbers.plain(loss.percent()))));
      HotNeurons hot = profile.hot().orElseThrow();
      tile(
          Numbers.percent(hot.share(HOT)),
          "of all activations come from the most active 20 % of the neurons");
    }
    tile(Numbers.decimals(profile.perplexity(), 3), "perplexity, computed densely");
    out.close().line();
  }

  private void tile(String number, String meaning) {
    out.open("li").element("strong", number).text(" ").element("span", meaning).close().line();
  }

  private void plots() {
    ProfilePlots plots = new ProfilePlots(profile);
    out.open("section", "class", "plots", "aria-label", "Plots").line();
    figure(
        "Active neurons, layer by layer",
        "How many neurons a token needs. The lower a curve, the less there is to read.",
        plots.densities(),
        plots.densityLegend());
    figure(
        "Size of the activations",
        "The fraction of all activations that is no larger than a magnitude. Each curve begins at"
            + " the exact zeros of its layer.",
        plots.magnitudes(),
        plots.familyLegend());
    if (!profile.mixture()) {
      figure(
          "Hot neurons",
          "Neurons ordered by how often they fire. The further a curve bends away from the"
              + " diagonal, the more a small, fixed set of neurons does.",
          plots.hot(),
          plots.hotLegend());
      figure(
          "Neurons that stay silent",
          "The fraction of neurons that fire in none of several tokens in a row. Far above what"
              + " independent neurons would give, it pays to reuse a selection.",
          plots.silent(),
          plots.silentLegend());
    }
    out.close().line();
  }

  private void figure(String title, String reading, Plot plot, List<String> legend) {
    figure(out, title, reading, plot, legend);
  }

  /** A plot with its caption. */
  static void figure(Markup out, String title, String reading, Plot plot, List<String> legend) {
    out.open("figure").line();
    out.open("figcaption").element("h2", title).element("p", reading).close().line();
    if (!legend.isEmpty()) {
      out.open("ul", "class", "legend");
      for (String entry : new ArrayList<>(legend)) {
        String[] parts = entry.split("\\|", 2);
        out.open("li").element("i", "", "class", "key " + parts[0]).text(parts[1]).close();
      }
      out.close().line();
    }
    plot.draw(out);
    out.close().line();
  }
}
