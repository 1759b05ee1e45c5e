/** The skipjack command. */
module dev.skipjack.cli {
  requires dev.skipjack.inference;
  requires info.picocli;
}
