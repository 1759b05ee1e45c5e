import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks or rewrites every Java source of the build with google-java-format. */
class FormatSources {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    List<String> command = new ArrayList<>();
    command.addAll(
        write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    List<String> sources = sources(Path.of(args[1]));
    command.addAll(sources);
    var out = new PrintWriter(System.out, true);
    int exit = new Main(out, new PrintWriter(System.err, true), System.in)
        .format(command.toArray(String[]::new));
    if (exit != 0 && !write) {
      System.err.println(
          "The files above are not formatted; run: mvn -N process-resources -Dformat=write");
    }
    System.exit(exit);
  }

  private static List<String> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> root.relativize(f).toString().replace('\\', '/').contains("/src/"))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }
}
