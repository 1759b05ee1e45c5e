/** The skipjack command. */
module dev.skipjack.cli {
  requires dev.skipjack.inference;
  requires dev.skipjack.server;
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires tools.jackson.core;

  // picocli reads and fills the annotated fields of commands and options.
  opens dev.skipjack.cli to
      info.picocli;
}
